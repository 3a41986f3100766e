"""Checks of what a call has stored: defaults, contexts and nested commands all end in rows, and rows are checked."""
from ....protocol.opening import READ
from ..owners import OWNED


class Stored:
    """Remembers which values of a call to check again once they are stored.

    :param opened: the :class:`~..opened.Opened`.
    """

    def __init__(self, opened):
        self._opened = opened
        self._env = opened.env
        # By owner and path, the IDs that were there before. The owner is None while it is being made itself.
        self._made_with = {}
        # By the same, the names of the fields with given values.
        self._named = {}
        # Owners and paths of records with values that are stored in other records, the path to those, and the
        # operation.
        self._places = []
        # Owners and paths with properties, and the names of the given ones; None for all.
        self._properties = []

    def makes(self, owner, path, before, names):
        """Records are made along with others, by commands.

        :param owner: the records that are changed; None for those that are made.
        :param path: names of fields, from the owner to what is made.
        :param before: the IDs that are there already.
        :param names: the fields with values from the caller.
        """
        self._made_with.setdefault((owner, path), set()).update(before)
        self._named.setdefault((owner, path), set()).update(names)

    def goes(self, owner, path, place, operation, name):
        """A given value is stored in another record.

        :param owner: as for :meth:`makes`.
        :param path: as for :meth:`makes`, to the record that has the value; its last name is the field.
        :param place: names of fields, from there to the record that stores it.
        :param operation: on that record.
        :param name: of the field there.
        """
        self._places.append((owner, path, place, operation, name))

    def names_properties(self, owner, path, names):
        """Properties are given, or a definition of them.

        :param path: as for :meth:`makes`; its last name is the field.
        :param names: of the properties; None for a definition.
        """
        self._properties.append((owner, path, names))

    def check(self, records, names, check_owner):
        """Check what was stored.

        :param records: those that were changed or made.
        :param names: the fields with values from the caller.
        :param check_owner: refuses owners, by model and numbers, that may not be changed.
        :raises AccessError: something closed was stored.
        """
        for owner, path in self._made_with:
            made = self._made(records, owner, path)
            partly = [name for name in self._named[owner, path]
                      if not self._opened.opens_everywhere(made, name, 'create')]
            self._opened.check_records(made, 'create', partly)
        for owner, path, place, operation, name in self._places:
            holders = self._made(records, owner, path[:-1]).sudo().mapped('.'.join(place))
            self._opened.check_records(holders.with_env(self._env), operation, [name])
        for owner, path, named in self._properties:
            self._check_properties(records, owner, path, named)
        for name in names:
            field = records._fields[name]
            if field.type == 'many2one' and field.store and records.sudo()[name]:
                self._opened.check_records(records.sudo()[name].with_env(self._env), READ)
        for field in records._fields.values():
            if field.type == 'many2one_reference' and field.store and _is_about_owner(records, field, names):
                self._check_owners(records, field, check_owner)

    def _made(self, records, owner, path):
        """The records at a path that were made along with others."""
        found = (records if owner is None else owner).sudo().with_context(active_test=False)
        for name in path:
            found = _led_to(found, found._fields[name])
        before = self._made_with.get((owner, path), ())
        return found.browse(id_ for id_ in found._ids if id_ not in before).with_env(self._env)

    def _check_properties(self, records, owner, path, named):
        """Only its definition knows a property's model; a definition's default goes into later records."""
        *way, name = path
        for values in self._made(records, owner, tuple(way)).sudo().read([name], load=None):
            for item in values[name] or ():
                if named is not None and item['name'] not in named:
                    continue
                for key in ('value', 'default'):
                    if item.get('comodel') in self._env and item.get(key):
                        ids = item[key] if isinstance(item[key], (list, tuple)) else [item[key]]
                        self._opened.check_records(self._env[item['comodel']].browse(ids), READ)

    def _check_owners(self, records, field, check_owner):
        if records._name in OWNED:
            self._opened.check_owners(records)
            return
        owners = {}
        for record in records.sudo():
            owners.setdefault(record[field.model_field], set()).add(record[field.name])
        for model_name, ids in owners.items():
            check_owner(model_name, ids)


def _led_to(records, field):
    """The records of a relation, including those that Odoo hides: by its domain, or because they are archived."""
    inverse = field.inverse_name if field.type == 'one2many' else None
    comodel = records.env[field.comodel_name]
    if not inverse or comodel._fields[inverse].type != 'many2one' or not comodel._fields[inverse].store:
        return records[field.name]
    return comodel.search([(inverse, 'in', records.ids)])


def _is_about_owner(records, field, names):
    """Whether given values may change the owner of records: the number, the model, or what that depends on."""
    about = {field.name, field.model_field, 'res_field'}
    about |= {path.partition('.')[0] for path in records.pool.field_depends[records._fields[field.model_field]]}
    return bool(about & set(names))
