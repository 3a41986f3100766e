"""Models and fields that a line does not open to changes by the way: what somebody writes there is worth more than the
scope says.
"""
# No line opens more than reading of these: they make keys, and whatever else would be worth more than the scopes.
NOT_TO_CHANGE = (
    'auth.passkey.', 'auth_totp.', 'base.partner.merge.', 'change.password.', 'ir.config_parameter', 'oauth2.',
    'res.users.apikeys', 'res.users.identitycheck')
# These run as code, are served as pages, or say who may do what. A line may name a method of theirs, such as `run`.
CODE = (
    'auth.oauth.', 'base.automation', 'digest.tip', 'fetchmail.', 'gamification.goal.definition', 'ir.actions.',
    'ir.asset', 'ir.cron', 'ir.default', 'ir.embedded.actions', 'ir.mail_server', 'ir.model', 'ir.module.', 'ir.rule',
    'ir.ui.view', 'mail.template', 'sms.template', 'theme.', 'website.menu', 'website.rewrite')
# A file that has an address is served at that address, as a script too; what is about a website stands in every page;
# an invoice that posts or sends itself is more than a draft.
_TO_BE_NAMED = {
    ('ir.attachment', 'url'), ('website', 'custom_code_head'), ('website', 'custom_code_footer'), ('website', 'domain'),
    ('website', 'cdn_activated'), ('website', 'cdn_url'), ('account.move', 'auto_post'),
    ('account.move', 'sending_data')}


def is_guarded(env, model_name, closed):
    """Whether no line opens changes of a model: it is one of these, its records are records of one of these, too, or it
    is a dialog that names records by a text or a bare number, and so reaches any of them.

    :param closed: what the names of such models begin with: :data:`NOT_TO_CHANGE`, with or without :data:`CODE`.
    """
    model = env[model_name]
    return (model_name.startswith(closed) or _names_any_record(model)
            or any(is_guarded(env, parent, closed) for parent in model._inherits))


def _names_any_record(model):
    fields = model._fields
    return model._transient and any(name in fields for name in ('model', 'res_model')) and any(
        name in fields and fields[name].type in ('integer', 'char', 'text') for name in ('res_id', 'res_ids'))


def has_to_be_named(field, operation):
    """Whether a field is written only where a line names it.

    :param field: an Odoo field.
    :param operation: `create` or `write`.
    """
    if field.store and field.readonly and not field.inverse and not field.related and (
            field.compute or operation == 'write' or field.name == 'state'):
        return True  # Odoo works it out of others, or its methods set it; what a new record is may be said once
    while field.inherited:
        field = field.related_field
    # Html that is stored as it is handed in, at least for some users, runs in the browser of whoever reads it.
    is_raw = field.type == 'html' and (not field.sanitize or field.sanitize_overridable)
    return is_raw or (field.model_name, field.name) in _TO_BE_NAMED
