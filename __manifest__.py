{
    'name': 'REST API OAuth2 Provider',
    'summary': 'Sign applications in with Odoo: an OAuth 2.1 authorization server for Odoo\'s own API',
    'version': '19.0.1.0.0',
    'category': 'Hidden/Tools',
    'author': 'The restapi_oauth2 authors',
    'license': 'LGPL-3',
    'depends': ['base_setup', 'web'],
    'external_dependencies': {'python': ['PyJWT', 'passlib']},
    'data': [],
    'demo': [],
    'installable': True,
}
