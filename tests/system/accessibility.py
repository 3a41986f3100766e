"""Checking a page for accessibility, with axe-core."""
import json
import os
from pathlib import Path

AXE = (Path(os.environ['RESTAPI_OAUTH2_NODE_CLIENTS']).parent / 'node_modules/axe-core/axe.min.js').read_text()
WIDE, PHONE = (1400, 900), (390, 844)

# What Odoo's web client draws whatever a view says, and cannot be helped by one: the rule, and which elements break it.
OF_ODOO = {
    'aria-allowed-attr': '.o_tag, .o-autocomplete--input',  # a tag is a span with a label, which no reader reads
    'aria-allowed-role': 'article.o_kanban_record',  # a card is an article, and a link
    'aria-required-parent': '.o_notebook_headers a',  # tabs are items of a list
    'button-name': '.o_clipboard_button, .o-dropdown',  # an icon and no words: copy, columns to choose
    'color-contrast': '*',  # colours are those of its theme
    'empty-table-header': '.o_list_button, .o_list_controller, .o_handle_cell',  # columns of buttons and ticks
    'image-alt': '.o_avatar img, .o_m2o_avatar img',  # beside the name of the same user
    'label': '.o_list_table input, .o_list_renderer input',  # the ticks of rows
    # It calls each view the main thing, that of a dialog, too.
    'landmark-main-is-top-level': 'main.o_content, main.modal-body',
    'landmark-no-duplicate-main': 'main.o_content, main.modal-body',
    'region': '*',  # what is a part of a page has no landmarks of its own
}


def findings(window, within='html', excuses=None):
    """What axe-core finds on the page, a line each: the rule, and the beginning of the element.

    :param within: the selector of what is looked at.
    :param excuses: as `OF_ODOO`.
    """
    if not window.look('typeof axe == "object"'):
        window.look(f'{AXE}; null')
    return window.run(f"""(async (excuses) => {{
        const {{violations}} = await axe.run({within!r}, {{resultTypes: ['violations']}});
        return violations.flatMap(({{id, nodes}}) => nodes
            .filter(({{target}}) => !document.querySelector(target[0]).matches(excuses[id] || 'nothing'))
            .map(({{html, failureSummary}}) => `${{id}}: ${{html.slice(0, 200)}}: ${{failureSummary}}`));
    }})({json.dumps(excuses or {})})""")
