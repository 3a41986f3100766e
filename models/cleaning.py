"""Tables of which anybody can have rows made that count for minutes: as new rows come, old ones go."""
EVERY = 50  # rows


def clean_up(model, number, remove):
    """Have old rows removed when this transaction is over, each fiftieth time: it neither waits for nor fails with what
    other requests remove.

    :param number: of the new row.
    :param remove: removes them; gets the model in a transaction of its own.
    """
    def run():
        with model.env.registry.cursor() as cr:
            cr.execute('SET TRANSACTION ISOLATION LEVEL READ COMMITTED')  # what others remove meanwhile is no conflict
            remove(model.with_env(model.env(cr=cr)))

    if number % EVERY == 0:
        model.env.cr.postcommit.add(run)
