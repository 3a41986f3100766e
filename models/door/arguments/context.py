"""The context of a call: the parts that the caller may set."""
from ....protocol.opening import READ

# Keys that only change the language, the time, how much is shown, or which notifications Odoo leaves out.
_PLAIN = ('lang', 'tz', 'active_test', 'bin_size', 'tracking_disable', 'mail_create_nosubscribe', 'mail_create_nolog',
          'mail_notrack', 'no_reset_password')
_COMPANIES = 'allowed_company_ids'


def allowed_context(context, opened, base):
    """The allowed part of a context that a caller sends; everything else is left out.

    :param context: a dictionary; None, or another empty value.
    :param opened: the :class:`~..opened.Opened`.
    :param base: the initial context.
    :return: a dictionary.
    :raises AccessError: it names companies that the token may not see.
    :raises UserError: it is no dictionary, or a value is of the wrong type.
    """
    if not isinstance(context or {}, dict):
        raise opened.refusals.wrong('context: a dictionary is wanted')
    context = context or {}
    for key in _PLAIN:
        if not isinstance(context.get(key), (str, int, float, type(None))):
            raise opened.refusals.wrong(f'context: {key} is a single value')
    check_companies(context, opened)
    companies = context.get(_COMPANIES) or []
    if not isinstance(companies, (list, tuple)) or not all(type(company) is int for company in companies):
        raise opened.refusals.wrong(f'context: {_COMPANIES} is a list of numbers')
    chosen = {_COMPANIES: context[_COMPANIES]} if context.get(_COMPANIES) else {}
    return {**base, **{key: context[key] for key in _PLAIN if key in context}, **chosen}


def check_companies(arguments, opened):
    """Refuse companies, at any depth, that the token may not see, as Odoo refuses those that the user may not see.

    :raises AccessError: see above.
    """
    if opened.limit.companies is None:
        return
    if isinstance(arguments, dict):
        chosen = arguments.get(_COMPANIES)
        if chosen and not (isinstance(chosen, (list, tuple)) and all(
                company in opened.limit.companies for company in chosen)):
            raise opened.refusals.not_their_company()
        arguments = arguments.values()
    elif not isinstance(arguments, (list, tuple)):
        return
    for argument in arguments:
        check_companies(argument, opened)


def active_records(context, opened):
    """`active_model`, `active_id` and `active_ids`, on which wizards and a model's own methods work, if those records
    are open.

    :return: a dictionary.
    :raises AccessError: they are not.
    """
    name = (context or {}).get('active_model')
    if not isinstance(name, str) or name not in opened.env:
        return {}
    several = context.get('active_ids') or []
    several = several if isinstance(several, (list, tuple)) else [several]
    one = [context['active_id']] if context.get('active_id') else []
    if not all(type(id_) is int for id_ in (*several, *one)):
        raise opened.refusals.wrong('context: active_id and active_ids are numbers')
    opened.check_records(opened.env[name].browse(dict.fromkeys((*several, *one))), READ)
    return {'active_model': name, 'active_ids': list(several), **({'active_id': one[0]} if one else {})}


def proposed(context, model):
    """The values that a context proposes for a new record of a model (`default_…`)."""
    prefix = 'default_'
    return {key.removeprefix(prefix): value for key, value in (context or {}).items()
            if key.startswith(prefix) and key.removeprefix(prefix) in model._fields}
