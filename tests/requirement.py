"""Marks on tests: which sentence of which specification a test checks. docs/compliance.md is made from them."""


def requirement(specification, section, sentence=''):
    """Mark a test method with what it proves.

    :param specification: one of those in development/compliance.py: `contract`, `RFC 6749`, …; `attack` for the
        catalogue in docs/security.md.
    :param section: `4.1.2`, or the attack's number, or the name of a module of the OpenID conformance suite.
    :param sentence: the requirement, in the project's own words. A row of a list that has its own sentence needs none
        (development/conformance_lists.py).
    """
    def mark(test):
        test.requirements = (*getattr(test, 'requirements', ()), (specification, section, sentence))
        return test
    return mark
