"""Events keep the names of applications and users, so that they can be read when these are deleted."""


def migrate(cr, _version):
    """Add the names to older events, if they are still known."""
    cr.execute("""
        UPDATE oauth2_event SET client_text = client.name || ' (' || client.client_id || ')'
          FROM oauth2_client client WHERE client.id = oauth2_event.client_id AND client_text IS NULL """)
    cr.execute("""
        UPDATE oauth2_event SET user_text = partner.name || ' (' || login || ')'
          FROM res_users JOIN res_partner partner ON partner.id = partner_id
         WHERE res_users.id = oauth2_event.user_id AND user_text IS NULL """)
    cr.execute("""
        UPDATE oauth2_event SET actor_text = partner.name || ' (' || login || ')'
          FROM res_users JOIN res_partner partner ON partner.id = partner_id
         WHERE res_users.id = oauth2_event.actor_id AND actor_text IS NULL """)
