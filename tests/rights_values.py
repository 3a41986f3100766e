"""The values that the table of rights tries for each field."""
from itertools import count

ADDRESS = 'https://written.example.com/'
MOMENT = '2031-05-06 07:08:09'
PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

# The public key of RFC 8037, appendix A.2.
KEY = '{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'

_NUMBERS = count(1)

# What a record needs to be created, by model: a function of the test case. Other models need what they require.
MINIMAL = {
    'oauth2.client': lambda case: {'name': 'New'},
    'oauth2.redirect.uri': lambda case: {
        'client_id': case.targets['oauth2.client'].id, 'uri': 'https://new.example.com/'},
    'oauth2.post.logout.redirect.uri': lambda case: {
        'client_id': case.targets['oauth2.client'].id, 'uri': 'https://new.example.com/'},
    'oauth2.client.new': lambda case: {'name': 'new', 'template_id': case.targets['oauth2.client.template'].id},
    'oauth2.client.template': lambda case: {'name': 'new', 'summary': 'New'},
    'oauth2.client.secret.bring': lambda case: {'client_id': case.targets['oauth2.client'].id},
    'oauth2.connection.test': lambda case: {'client_id': case.targets['oauth2.client'].id},
    'oauth2.scope.opened': lambda case: {'scope_id': case.targets['oauth2.scope'].id},
    'oauth2.scope.opened.line': lambda case: {'opened_id': case.targets['oauth2.scope.opened'].id},
    'oauth2.stop': lambda case: {'reason': 'new', 'client_id': case.targets['oauth2.client'].id},
    'oauth2.initial.access.token': lambda case: {'name': 'new', 'expires_at': '2030-01-01'},
    'oauth2.resource': lambda case: {'name': 'new', 'uri': f'https://{next(_NUMBERS)}.example.com'},
    'oauth2.listed.client': lambda case: {
        'name': 'new', 'uri': f'https://{next(_NUMBERS)}.example.com/client'},
    'oauth2.scope': lambda case: {'name': 'new', 'description': 'New'},
    'oauth2.scope.line': lambda case: {
        'scope_id': case.targets['oauth2.scope'].id, 'model': 'res.partner', 'perm_unlink': True},
    'oauth2.scope.wizard': lambda case: {'name': 'new', 'description': 'New'},
    'res.users': lambda case: {'name': 'New', 'login': 'oauth2_rights_new'},
    'res.config.settings': lambda case: {},
}

# What has to be written along with a field, by model and field: a function of the test case and the user who tries.
COMPANIONS = {
    ('oauth2.client', 'has_direct_authorization'): lambda case, user: {
        'user_id': user.id, 'scope_ids': [[6, 0, case.others['oauth2.scope'].ids]]},
    ('oauth2.stop', 'user_id'): lambda case, user: {'client_id': False},
    ('oauth2.client', 'registration'): lambda case, user: {
        'client_id': 'https://written.example.com/client', 'pkce': 'required'},
    ('oauth2.client', 'is_public'): lambda case, user: {'user_id': False},
    ('oauth2.client', 'proof'): lambda case, user: {'key_set': KEY},
}

# Texts that have to have a form, by field.
TEXTS = {
    'client_id': 'B' * 32,
    'uri': ADDRESS,
    'client_uri': ADDRESS,
    'policy_uri': ADDRESS,
    'tos_uri': ADDRESS,
    'cors_origins': 'https://written.example.com',
    'oauth2_issuer': 'https://written.example.com',
    'last_characters': 'zzzz',
    'model': 'res.users',
    'domain': "[('id', '=', 1)]",
    'field_names': 'name',
    'method_names': 'copy',
    'key_set': KEY,
    'key_set_url': ADDRESS,
}

# What a one2many field is tried with: commands, by the model that it leads to.
LINES = {
    'oauth2.redirect.uri': lambda case: [[0, 0, {'uri': ADDRESS}]],
    'oauth2.post.logout.redirect.uri': lambda case: [[0, 0, {'uri': ADDRESS}]],
    'oauth2.client.secret': lambda case: [[4, case.others['oauth2.client.secret'].id]],
    'oauth2.access': lambda case: [[4, case.targets['oauth2.access'].id]],
    'oauth2.authorization': lambda case: [[4, case.others['oauth2.authorization'].id]],
    'oauth2.scope': lambda case: [[0, 0, {'name': 'written', 'description': 'Written'}]],
    'oauth2.scope.line': lambda case: [[0, 0, {'model': 'res.users'}]],
    'oauth2.scope.opened.line': lambda case: [[0, 0, {'model': 'res.users'}]],
    'oauth2.client': lambda case: [[0, 0, {'name': 'written'}]],
}

# Another record for a relation, by the model that it leads to.
RECORDS = {
    'ir.model': lambda case: case.env['ir.model']._get('res.users'),
    'ir.model.fields': lambda case: case.env['ir.model.fields']._get('res.partner', 'name'),
    'res.company': lambda case: case.env.company,
    'res.users': lambda case: case.gone,
    'res.groups': lambda case: case.env.ref('base.group_multi_company'),
}


def value_of(case, field, target, user):
    """A value that a field may have and that a record does not have, as it is written over RPC.

    :param case: the :class:`~.rights.RightsCase`.
    :param target: the record; an abstract model has none, and then any value will do.
    :param user: who tries; the applications of one act for that user alone.
    """
    if field.name == 'id':
        return 99999999
    if (field.model_name, field.name) == ('oauth2.resource', 'uri'):
        return ADDRESS.removesuffix('/')
    if (field.model_name, field.name) == ('oauth2.client', 'user_id'):
        return user.id
    record = target.sudo() if not target._abstract else target.browse()
    make = {
        'boolean': lambda: not record[field.name],
        'integer': lambda: 7,
        'datetime': lambda: MOMENT,
        'selection': lambda: next(key for key in field.get_values(case.env) if key != record[field.name]),
        'many2one': lambda: _record(case, field).id,
        'many2many': lambda: [[6, 0, _record(case, field).ids]],
        'one2many': lambda: LINES[field.comodel_name](case),
        'binary': lambda: PICTURE,
    }
    return make.get(field.type, lambda: TEXTS.get(field.name, 'written'))()


def _record(case, field):
    return RECORDS[field.comodel_name](case) if field.comodel_name in RECORDS else case.others[field.comodel_name]


def is_stored(record, name, value):
    """Whether a record has a value that was written over RPC."""
    field, record = record._fields[name], record.sudo()
    if field.type == 'one2many':
        [[command, *_rest, last]] = value
        return last in record[name].ids if command == 4 else any(
            all(line[key] == part for key, part in last.items()) for line in record[name])
    if field.type == 'many2many':
        return value[0][0] == 6 and record[name].ids == value[0][2]
    if field.type == 'selection' and value not in field.get_values(record.env):
        return record[name] == value
    if field.type == 'binary':
        return bool(record[name])  # a picture is packed anew
    return field.convert_to_write(record[name], record) == field.convert_to_write(
        field.convert_to_record(field.convert_to_cache(value, record), record), record)
