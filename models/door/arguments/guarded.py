"""Models and fields that no ordinary line opens to changes: writing there is worth more than the scope says."""
# No line opens more than reading of these: they make keys, or would give more than the scopes.
NOT_TO_CHANGE = (
    'auth.passkey.', 'auth_totp.', 'base.partner.merge.', 'change.password.', 'ir.config_parameter', 'oauth2.',
    'res.users.apikeys', 'res.users.identitycheck')
# These run as code, are served as pages, or grant rights. A line may name one of their methods, such as `run`.
CODE = (
    'auth.oauth.', 'base.automation', 'digest.tip', 'fetchmail.', 'gamification.goal.definition', 'ir.actions.',
    'ir.asset', 'ir.cron', 'ir.default', 'ir.embedded.actions', 'ir.mail_server', 'ir.model', 'ir.module.', 'ir.rule',
    'ir.ui.view', 'mail.template', 'sms.template', 'theme.', 'website.menu', 'website.rewrite')
# A file with an address is served there, also as a script; code of a website is in each of its pages; an invoice that
# posts or sends itself is no longer a draft.
_TO_BE_NAMED = {
    ('ir.attachment', 'url'), ('website', 'custom_code_head'), ('website', 'custom_code_footer'), ('website', 'domain'),
    ('website', 'cdn_activated'), ('website', 'cdn_url'), ('account.move', 'auto_post'),
    ('account.move', 'sending_data')}


def is_guarded(env, model_name, closed):
    """Whether no line opens changes of a model: it is in the list, inherits (`_inherits`) from one that is, or is a
    dialog that names records by a text or a bare number, and so reaches any record.

    :param closed: prefixes of the names of such models: :data:`NOT_TO_CHANGE`, with or without :data:`CODE`.
    """
    model = env[model_name]
    return (model_name.startswith(closed) or _names_any_record(model)
            or any(is_guarded(env, parent, closed) for parent in model._inherits))


def _names_any_record(model):
    fields = model._fields
    return model._transient and any(name in fields for name in ('model', 'res_model')) and any(
        name in fields and fields[name].type in ('integer', 'char', 'text') for name in ('res_id', 'res_ids'))


def has_to_be_named(field, operation):
    """Whether a field may be written only if a line names it.

    :param field: an Odoo field.
    :param operation: `create` or `write`.
    """
    if field.store and field.readonly and not field.inverse and not field.related and (
            field.compute or operation == 'write' or field.name == 'state'):
        return True  # Odoo computes it, or its methods set it; only a new record may get it
    while field.inherited:
        field = field.related_field
    # Html that is stored unchanged, at least for some users, runs in its readers' browsers.
    is_raw = field.type == 'html' and (not field.sanitize or field.sanitize_overridable)
    return is_raw or (field.model_name, field.name) in _TO_BE_NAMED
