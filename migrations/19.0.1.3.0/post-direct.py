"""A client with a service user gave that user's codes to everybody, and signed people in, too. Now it does one."""
from odoo import SUPERUSER_ID, api

_OPENID_CONNECT = ('openid', 'profile', 'email', 'address', 'phone', 'offline_access')
# For each client with a service user: whether somebody has signed in to it, whether it got direct codes, and whether
# something shows another purpose than direct codes.
_CLIENTS = """
    SELECT client.id,
           EXISTS (SELECT FROM oauth2_consent consent WHERE consent.client_id = client.id)
        OR EXISTS (SELECT FROM oauth2_event event WHERE event.client_id = client.id AND event.name = 'consent_given')
        OR EXISTS (SELECT FROM oauth2_authorization granted
                    WHERE granted.client_id = client.id AND granted.is_direct IS NOT TRUE),
           EXISTS (SELECT FROM oauth2_authorization granted
                    WHERE granted.client_id = client.id AND granted.is_direct
                      AND granted.grant_type = 'authorization_code'),
           client.grant_client_credentials IS TRUE OR client.has_claims_in_id_token IS TRUE
        OR client.grant_authorization_code IS NOT TRUE
        OR EXISTS (SELECT FROM oauth2_post_logout_redirect_uri uri WHERE uri.client_id = client.id)
      FROM oauth2_client client
     WHERE client.user_id IS NOT NULL AND client.has_direct_authorization IS NOT TRUE
"""


def migrate(cr, _version):
    """Let each client be what it was used for.

    - Somebody has signed in to it: people sign in to it. An attacker could send a service user's code only to its
      callback.
    - It got direct codes, and nobody has signed in: it is for programs only, and the documented flow still works.
    - It was never used: it is for programs only, too. A user had to be chosen only for that, unless something shows
      another purpose: client credentials, which continue, or a setting that only signing in needs.

    Both are safe; an administrator can correct it in the form. An event records the decision.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(_CLIENTS)
    for client_id, has_signed_in, was_direct, is_for_something_else in cr.fetchall():
        client = env['oauth2.client'].browse(client_id)
        is_direct = not has_signed_in and (was_direct or not is_for_something_else)
        detail = _make_direct(client) if is_direct else _make_for_people(client)
        env['oauth2.event']._record('direct_authorization_decided', client, client.user_id.id, detail=detail)


def _make_direct(client):
    """Switch it on. Its tokens stay valid, without the scopes that it may no longer have."""
    lost = client.scope_ids.filtered(lambda scope: scope.name in _OPENID_CONNECT)
    client.scope_ids -= lost
    client.env.flush_all()
    # A direct code that signs somebody in is no longer allowed. The database's constraint requires its removal.
    client.env.cr.execute(
        """ DELETE FROM oauth2_authorization_code
             WHERE client_id = %s AND (is_direct IS NOT TRUE OR nonce IS NOT NULL OR code_challenge IS NOT NULL
                   OR string_to_array(scope, ' ') && %s) """, [client.id, list(_OPENID_CONNECT)])
    # Not by the ORM, in which switching ends what was given before.
    client.env.cr.execute('UPDATE oauth2_client SET has_direct_authorization = TRUE WHERE id = %s', [client.id])
    client.env.invalidate_all()
    return 'for programs alone, by direct authorization' + (
        '; it lost the scopes: ' + ' '.join(lost.mapped('name')) if lost else '')


def _make_for_people(client):
    """Leave it off, and revoke what direct authorization gave."""
    client.env['oauth2.authorization.code'].search([('client_id', '=', client.id), ('is_direct', '=', True)]).unlink()
    client.env['oauth2.authorization'].search([
        ('client_id', '=', client.id), ('is_direct', '=', True),
        ('grant_type', '=', 'authorization_code')])._revoke('client')
    return 'people sign in to it; no direct authorization' + (
        '; client credentials go on' if client.grant_client_credentials else '')
