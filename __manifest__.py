{
    'name': 'REST API OAuth2 Provider',
    'summary': 'Sign applications in with Odoo: an OAuth 2.1 authorization server for Odoo\'s own API',
    'version': '19.0.1.1.0',
    'category': 'Hidden/Tools',
    'author': 'The restapi_oauth2 authors',
    'license': 'LGPL-3',
    'depends': ['base_setup', 'web'],
    'external_dependencies': {'python': ['PyJWT', 'cryptography', 'passlib']},
    'data': [
        'security/security.xml',
        'security/ir.model.access.csv',
        'data/oauth2_scope.xml',
        'views/oauth2_client_views.xml',
        'views/oauth2_authorization_views.xml',
        'views/oauth2_consent_views.xml',
        'views/oauth2_scope_views.xml',
        'views/oauth2_signing_key_views.xml',
        'views/res_users_views.xml',
        'views/res_config_settings_views.xml',
        'views/pages.xml',
        'views/menus.xml',
        'data/ir_cron.xml',
        'data/initialize.xml',
    ],
    'demo': [
        'demo/oauth2_client_demo.xml',
    ],
    'assets': {
        'web.assets_tests': [
            'restapi_oauth2/static/tests/tours/*.js',
        ],
    },
}
