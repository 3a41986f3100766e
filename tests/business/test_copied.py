"""Copies with a narrow token: they contain what it may read there and create here."""
from odoo import Command

from ..requirement import requirement
from .common import MARK, WRITING, DoorCase


class TestCopies(DoorCase):

    @requirement('attack', '58', 'A copy holds nothing that was closed to reading')
    def test_attack_58_copies_tell_nothing(self):
        self.acme.comment = MARK
        scope = self.scope(
            {'model': 'res.partner', 'field_names': 'name ref', **WRITING},
            {'model': 'res.partner', 'field_names': 'comment name ref', 'domain': '[("ref", "=", "mine")]', **WRITING})
        self.enter(scope, self.admin, 'res.partner', 'copy', ids=self.acme.ids, default={'name': 'x'})
        made = self.made(scope, 'res.partner', 'copy', ids=self.acme.ids, default={'ref': 'mine'})
        self.assertEqual((made.ref, made.comment), ('mine', False))

    @requirement('contract', '7', 'Every ready-made scope that makes records copies them')
    def test_ready_made_scopes_copy(self):
        lead = self.env['crm.lead'].create({'name': 'Lead', 'partner_id': self.acme.id})
        event = self.env['calendar.event'].create({
            'name': 'Lunch', 'start': '2030-01-01 12:00:00', 'stop': '2030-01-01 13:00:00'})
        task = self.env['project.task'].create({
            'name': 'Paint', 'project_id': self.env['project.project'].create({'name': 'House'}).id})
        for scope, record in (
            ('contacts.write', self.acme), ('orders.write', self.order), ('leads.write', lead),
            ('tasks.write', task), ('calendar.write', event),
        ):
            with self.subTest(scope):
                self.assertTrue(self.env['oauth2.scope'].search([('name', '=', scope)]))
                made = self.made(scope, record._name, 'copy', ids=record.ids)
                self.assertTrue(made.exists())
                if scope == 'orders.write':
                    self.assertEqual((len(made.order_line), made.amount_untaxed), (1, self.order.amount_untaxed))

    @requirement('attack', '58', 'A copy carries no translation of a closed field of a line over')
    def test_attack_58_translations_of_lines(self):
        self.env['res.lang']._activate_lang('fr_FR')
        survey = self.env['survey.survey'].create({'title': 'x', 'question_and_page_ids': [
            Command.create({'title': 'Question', 'question_type': 'char_box', 'comments_message': 'plain'})]})
        survey.question_and_page_ids.with_context(lang='fr_FR').comments_message = MARK
        scope = self.scope(
            {'model': 'survey.survey', 'field_names': 'title question_and_page_ids', **WRITING},
            {'model': 'survey.question', 'field_names': 'title survey_id question_type sequence', **WRITING})
        made = self.made(scope, 'survey.survey', 'copy', ids=survey.ids)
        self.assertEqual(made.question_and_page_ids.mapped('title'), ['Question'])
        for lang in ('en_US', 'fr_FR'):
            told = made.question_and_page_ids.with_context(lang=lang).comments_message
            self.assertNotIn(told, ('plain', MARK))

    @requirement('contract', '7', 'Lines of lines are copied, closed lines are not, and what is lacking is said')
    def test_copies_with_lines(self):
        survey = self.env['survey.survey'].create({'title': 'x', 'question_and_page_ids': [Command.create({
            'title': 'Question', 'question_type': 'simple_choice', 'suggested_answer_ids': [
                Command.create({'value': 'Yes'}), Command.create({'value': 'No'})]})]})
        scope = self.scope(*({'model': model, **WRITING} for model in (
            'survey.survey', 'survey.question', 'survey.question.answer')))
        made = self.made(scope, 'survey.survey', 'copy', ids=survey.ids)
        self.assertEqual(made.question_and_page_ids.suggested_answer_ids.mapped('value'), ['Yes', 'No'])
        self.order.write({'order_line': [Command.create({'product_id': self.product.id, 'name': 'closed'})]})
        scope = self.scope(
            {'model': 'sale.order', **WRITING},
            {'model': 'sale.order.line', 'domain': '[("name", "!=", "closed")]', **WRITING},
            {'model': 'res.partner', 'field_names': 'name'}, {'model': 'product.product', 'field_names': 'name'})
        made = self.made(scope, 'sale.order', 'copy', ids=self.order.ids)
        self.assertEqual(len(made.order_line), 1)
        self.assertLacking(self.scope({'model': 'sale.order', **WRITING}), 'sale.order', 'copy', ids=self.order.ids)

    @requirement('contract', '7', 'Each line is copied with what belongs to it, and to no other line')
    def test_copies_with_lines_of_lines(self):
        answers = {'One': ['a', 'b'], 'Two': ['c'], 'Closed': ['d']}
        survey = self.env['survey.survey'].create({'title': 'x', 'question_and_page_ids': [Command.create({
            'title': title, 'question_type': 'simple_choice', 'suggested_answer_ids': [
                Command.create({'value': value}) for value in values]}) for title, values in answers.items()]})
        scope = self.scope(
            {'model': 'survey.survey', **WRITING}, {'model': 'survey.question.answer', **WRITING},
            {'model': 'survey.question', 'domain': '[("title", "!=", "Closed")]', **WRITING})
        made = self.made(scope, 'survey.survey', 'copy', ids=survey.ids)
        self.assertEqual({question.title: question.suggested_answer_ids.mapped('value')
                          for question in made.question_and_page_ids}, {'One': ['a', 'b'], 'Two': ['c']})

    @requirement('contract', '7', 'Tasks with properties are copied')
    def test_copies_with_properties(self):
        project = self.env['project.project'].create({'name': 'House', 'task_properties_definition': [
            {'name': 'note', 'string': 'Note', 'type': 'char'}]})
        task = self.env['project.task'].create({
            'name': 'Paint', 'project_id': project.id, 'task_properties': {'note': 'blue'}})
        made = self.made('tasks.write', 'project.task', 'copy', ids=task.ids)
        self.assertEqual(dict(made.task_properties), {'note': 'blue'})
