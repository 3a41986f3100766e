"""The registered addresses of applications."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....protocol.redirect_uri import LIMIT, NEVER_SCHEME, Problem, problem


class OAuth2RegisteredURI(models.AbstractModel):
    """An address that a browser may be sent to. It is compared exactly with the one in a request."""
    _name = 'oauth2.registered.uri'
    _inherit = 'oauth2.recorded'
    _description = 'OAuth2 Registered URI'
    _rec_name = 'uri'
    _order = 'id'
    _recorded_as = 'address'

    client_id = fields.Many2one('oauth2.client', 'Application', required=True, ondelete='cascade', index=True)
    # Without `size`, which would cut a longer address off, and so register one that nobody typed.
    uri = fields.Char('URI', required=True)
    problem = fields.Char('What is wrong', compute='_compute_problem')

    _uri_unique = models.Constraint('UNIQUE (client_id, uri)', 'A redirect URI is listed twice.')
    # The last line of defence: `_check_uri` gives the reasons.
    _uri_absolute = models.Constraint(
        r"CHECK (uri ~ '^[a-z][a-z0-9+.-]*:[!$-)+-~]+$' AND length(uri) <= %d)" % LIMIT,
        'A registered URI is absolute, and has no fragment, wildcard, space or control character.')
    _uri_scheme = models.Constraint(
        r"CHECK (uri ~* '^(https://|http://(localhost|127[.]0[.]0[.]1|\[::1\])(:[0-9]+)?([/?]|$)"
        r"|(?!%s:)[a-z][a-z0-9+.-]*:)')" % NEVER_SCHEME,
        "A registered URI begins with https://, with http:// and this machine, or with the application's own scheme.")

    @api.depends('uri')
    def _compute_problem(self):
        """What is wrong with the address, shown while it is typed."""
        for registered in self:
            registered.problem = self._problem_of(registered.uri)

    @api.model
    def _problem_of(self, uri):
        found = problem(uri, self.env['oauth2.configuration']._program_schemes()) if uri else None
        return found and (self._sentence_about(found, uri) or self._sentence(found))

    @api.constrains('uri')
    def _check_stored_uri(self):
        for registered in self:
            self._check_uri(registered.uri)

    # `create` and `write` only give better messages: the database checks its constraints before `_check_stored_uri`
    # runs.

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_uri(vals.get('uri'))
        return super().create(vals_list)

    def write(self, vals):
        if 'uri' in vals:
            self._check_uri(vals['uri'])
        return super().write(vals)

    def _recorded_client(self):
        return self.client_id

    @api.model
    def _check_uri(self, uri):
        """Refuse a bad address before the database does, because the database cannot say why.

        :raises ValidationError: with what is wrong, and the remedy.
        """
        found = self._problem_of(uri)
        if found:
            raise ValidationError(f'{uri}\n{found}')

    @api.model
    def _sentence_about(self, found, uri):
        """The remedy for a common mistake; None for anything else."""
        if found == Problem.CHARACTERS and ' ' in uri:
            return self.env._('A space cannot be part of an address: write %20. One address in each line.')
        if found == Problem.NOT_ABSOLUTE and uri.partition(':')[0].lower() in ('http', 'https'):
            return self.env._('Write https in small letters.')
        if found == Problem.NOT_ABSOLUTE:
            return self.env._('Write https:// before it.')
        if found == Problem.HOST and uri in ('http:', 'http://', 'https:', 'https://'):
            return self.env._('The host is missing.')
        return None

    @api.model
    def _sentence(self, found):
        """What is wrong with an address, and the remedy, for the administrator."""
        return {
            Problem.TOO_LONG: self.env._('It is longer than %s characters.', LIMIT),
            Problem.CHARACTERS: self.env._('It holds a character that a URI may not hold; percent-encode it.'),
            Problem.NOT_ABSOLUTE: self.env._('It has to begin with a scheme in lower case, such as https://.'),
            Problem.WILDCARD: self.env._('Wildcards are not understood; register every address as it is.'),
            Problem.FRAGMENT: self.env._('It must not have a fragment (#).'),
            Problem.USER_INFO: self.env._('It must not have a user name or password (…@).'),
            Problem.HOST: self.env._('Its host or port cannot be read.'),
            Problem.PLAIN_HTTP: self.env._('http is for this machine only (127.0.0.1, [::1], localhost); use https.'),
            Problem.SCHEME: self.env._(
                "The scheme has to be https, or the application's own, which is a domain name in reverse order,"
                " such as com.example.app:/callback. A program's scheme without a dot is added in the general"
                " settings."),
            Problem.NEVER_SCHEME: self.env._(
                'This scheme cannot belong to a program: an address with it would run, show or send the answer.'),
            Problem.DOT_SEGMENTS: self.env._('Its path must not have "." or ".." in it, nor encoded dots or slashes.'),
            Problem.ANSWER_PARAMETER: self.env._(
                'Its query must not name what the answer adds: code, state, iss, error.'),
        }[found]
