"""Tables in which strangers cause rows that are valid for minutes: old rows are removed as new ones are added."""
EVERY = 50  # rows


def clean_up(model, number, remove):
    """Remove old rows after this transaction, for every fiftieth new row. It does not wait for other requests that
    remove rows, and does not fail because of them.

    :param number: the ID of the new row.
    :param remove: a function that removes old rows. It gets the model in a transaction of its own.
    """
    def run():
        with model.env.registry.cursor() as cr:
            cr.execute('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')  # what others remove meanwhile is no conflict
            remove(model.with_env(model.env(cr=cr)))

    if number % EVERY == 0:
        model.env.cr.postcommit.add(run)
