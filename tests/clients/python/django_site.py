"""A web site made with Django, at which people sign in by mozilla-django-oidc; set up as its documentation has it."""
import os
import sys
from urllib.parse import urlencode

import django
import requests
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import include, path

ISSUER, SITE = os.environ['OAUTH2_ISSUER'], f'http://127.0.0.1:{os.environ["PORT"]}'

settings.configure(
    DEBUG=True,
    SECRET_KEY='of this site alone',
    ALLOWED_HOSTS=['127.0.0.1'],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        'django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions', 'mozilla_django_oidc'],
    MIDDLEWARE=[
        'django.contrib.sessions.middleware.SessionMiddleware',
        'django.contrib.auth.middleware.AuthenticationMiddleware',
        'mozilla_django_oidc.middleware.SessionRefresh',
    ],
    DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': sys.argv[1]}},
    DEFAULT_AUTO_FIELD='django.db.models.BigAutoField',
    AUTHENTICATION_BACKENDS=['mozilla_django_oidc.auth.OIDCAuthenticationBackend'],
    LOGIN_REDIRECT_URL='/',
    LOGOUT_REDIRECT_URL='/',
    OIDC_RP_CLIENT_ID=os.environ['OAUTH2_CLIENT_ID'],
    OIDC_RP_CLIENT_SECRET=os.environ['OAUTH2_CLIENT_SECRET'],
    OIDC_RP_SCOPES=os.environ['OAUTH2_SCOPE'],
    OIDC_RP_SIGN_ALGO='RS256',
    OIDC_USE_PKCE=os.environ['USE_PKCE'] == 'True',
    OIDC_OP_AUTHORIZATION_ENDPOINT=os.environ['OAUTH2_AUTHORIZATION_ENDPOINT'],
    OIDC_OP_TOKEN_ENDPOINT=os.environ['OAUTH2_TOKEN_ENDPOINT'],
    OIDC_OP_USER_ENDPOINT=os.environ['OAUTH2_USERINFO_ENDPOINT'],
    OIDC_OP_JWKS_ENDPOINT=os.environ['OAUTH2_JWKS_URI'],
    OIDC_OP_LOGOUT_URL_METHOD=f'{__name__}.end_session',
    OIDC_STORE_ACCESS_TOKEN=True,
    OIDC_STORE_ID_TOKEN=True,
    # So often it asks whether its user is still signed in at Odoo.
    OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS=2,
)
django.setup()


def home(request):
    """Who is signed in, and the button to sign out."""
    if not request.user.is_authenticated:
        return redirect('oidc_authentication_init')
    return HttpResponse(f"""<p>{request.user.email}</p>
        <form method="post" action="/oidc/logout/"><button>Sign out</button></form>""")


def contacts(request):
    """What Odoo's API gives with the access token of whoever is signed in."""
    token = request.session['oidc_access_token']
    answer = requests.post(f'{os.environ["ODOO_API"]}/res.partner/search_read', timeout=60, json={
        'domain': [], 'fields': ['name'], 'limit': 3}, headers={'Authorization': f'Bearer {token}'})
    return JsonResponse({'status': answer.status_code, 'contacts': answer.json(), 'token': token})


def goodbye(request):
    """Where one comes back to after having signed out."""
    return HttpResponse('Goodbye')


def end_session(request):
    """Where one signs out of Odoo, too (OpenID Connect RP-Initiated Logout)."""
    metadata = requests.get(f'{ISSUER}/.well-known/openid-configuration', timeout=60).json()
    return f'{metadata["end_session_endpoint"]}?' + urlencode({
        'id_token_hint': request.session['oidc_id_token'], 'post_logout_redirect_uri': f'{SITE}/goodbye'})


urlpatterns = [
    path('', home),
    path('contacts', contacts),
    path('goodbye', goodbye),
    path('oidc/', include('mozilla_django_oidc.urls')),
]

if __name__ == '__main__':
    call_command('migrate', verbosity=0)
    call_command('runserver', f'127.0.0.1:{os.environ["PORT"]}', use_reloader=False)
