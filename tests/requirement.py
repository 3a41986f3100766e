"""Marks on tests: which sentence of which specification a test holds."""


def requirement(specification, section, sentence):
    """Mark a test method with what it proves.

    :param specification: `RFC 6749`, `contract`, …; `attack` for the catalogue in docs/security.md.
    :param section: `4.1.2`, or the attack's number.
    :param sentence: the requirement, in the project's own words.
    """
    def mark(test):
        test.requirements = (*getattr(test, 'requirements', ()), (specification, section, sentence))
        return test
    return mark
