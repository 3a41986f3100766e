"""Properties, whose definitions are in another record, and which refer to others."""

from ..requirement import requirement
from .common import MARK, WRITING, DoorCase


class TestProperties(DoorCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project = cls.env['project.project'].create({'name': 'House', 'task_properties_definition': [
            {'name': 'who', 'string': 'Who', 'type': 'many2one', 'comodel': 'res.partner', 'default': cls.acme.id},
            {'name': 'many', 'string': 'Many', 'type': 'many2many', 'comodel': 'res.partner'},
            {'name': 'note', 'string': 'Note', 'type': 'char'}]})
        cls.task = cls.env['project.task'].create({'name': 'Paint', 'project_id': cls.project.id})
        cls.acme.name = MARK

    @requirement('attack', '58', 'Properties name only records that may be read, however they are written')
    def test_attack_58_values_of_properties(self):
        scope = self.scope({'model': 'project.task', **WRITING}, 'project.project')
        task, lines = self.task, {'project_id': self.project.id, 'name': 'x'}
        for value in (
            {'who': self.acme.id}, {'many': self.acme.ids},
            [{'name': 'who', 'type': 'many2one', 'value': self.acme.id}],
            [{'name': 'who', 'type': 'char', 'value': self.acme.id}],
            [{'name': 'who', 'type': 'many2one', 'comodel': 'project.project', 'value': self.acme.id}],
        ):
            with self.subTest(value=value):
                vals = {'task_properties': value}
                self.assertLacking(scope, 'project.task', 'write', ids=task.ids, vals=vals)
                self.assertLacking(scope, 'project.task', 'create', vals_list=[{**lines, **vals}])
        for value in ('[{"name": "who", "value": 1}]', 5, [5]):
            with self.subTest(value=value):
                self.assertWrong(scope, 'project.task', 'write', ids=task.ids, vals={'task_properties': value})
        self.enter(scope, self.admin, 'project.task', 'write', ids=self.task.ids, vals={
            'task_properties': {'note': 'x'}})

    @requirement('attack', '58', 'Properties and their definitions tell no name that is closed')
    def test_attack_58_names_in_properties(self):
        self.task.task_properties = {'who': self.acme.id, 'many': self.acme.ids}
        scope = self.scope('project.task', 'project.project')
        for record, name in ((self.task, 'task_properties'), (self.project, 'task_properties_definition')):
            for method, arguments in (
                ('read', {'fields': [name]}), ('web_read', {'specification': {name: {}}}),
            ):
                with self.subTest(record._name, method=method):
                    answer = self.told(scope, record._name, method, ids=record.ids, **arguments)
                    self.assertIn('"who"', answer)
                    self.assertNotIn(MARK, answer)
        both = self.scope('project.task', {'model': 'res.partner', 'field_names': 'name display_name'})
        self.assertIn(MARK, self.told(both, 'project.task', 'read', ids=self.task.ids, fields=['task_properties']))

    @requirement('attack', '58', 'The definition of a property is told to whoever may read all records')
    def test_attack_58_definitions(self):
        some = self.scope({'model': 'project.task', 'domain': '[("id", "=", 0)]'})
        self.assertLacking(some, 'project.task', 'get_property_definition', full_name='task_properties.who')
        answer = self.told(self.scope('project.task'), 'project.task', 'get_property_definition',
                           full_name='task_properties.note')
        self.assertIn('Note', answer)

    @requirement('attack', '58', 'A task does not bring a definition for its project along')
    def test_attack_58_definitions_are_not_rewritten(self):
        for lines in (({'model': 'project.task', **WRITING},),
                      ({'model': 'project.task', **WRITING}, 'project.project'),
                      ({'model': 'project.task', **WRITING},
                       {'model': 'project.project', 'perm_write': True, 'domain': '[("id", "=", 0)]'})):
            self.assertLacking(self.scope(*lines), 'project.task', 'write', ids=self.task.ids, vals={
                'task_properties': [
                    {'name': 'note', 'type': 'char', 'string': MARK, 'definition_changed': True, 'value': 'x'}]})

    @requirement('attack', '58', 'Properties of lines, and the default of a definition, are looked at, too')
    def test_attack_58_properties_of_lines(self):
        project = self.env['project.project'].create({'name': 'House', 'task_properties_definition': [
            {'name': 'who', 'string': 'Who', 'type': 'many2one', 'comodel': 'res.partner'}]})
        task = self.env['project.task'].create({'name': 'Paint', 'project_id': project.id})
        scope = self.scope({'model': 'project.task', **WRITING}, {'model': 'project.project', **WRITING})
        vals = {'task_properties': {'who': self.acme.id}}
        for command in ([1, task.id, vals], [0, 0, {'name': 'x', **vals}]):
            with self.subTest(command=command[0]):
                self.assertLacking(
                    scope, 'project.project', 'write', ids=project.ids, vals={'task_ids': [command]})
        definition = [{'name': 'who', 'string': 'Who', 'type': 'many2one', 'comodel': 'res.partner'}]
        write = {'ids': project.ids, 'vals': {'task_properties_definition': definition}}
        self.enter(scope, self.admin, 'project.project', 'write', **write)
        definition[0]['default'] = self.acme.id
        self.assertLacking(scope, 'project.project', 'write', **write)
