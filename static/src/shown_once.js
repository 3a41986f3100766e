import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Component, xml } from "@odoo/owl";

/** In a dialog that shows a secret: its × and Escape ask first. A button of its own closes it at once. */
class ShownOnce extends Component {
    static template = xml``;
    static props = ["*"];

    setup() {
        const dialogs = useService("dialog");
        // Odoo closes the dialog when this promise is kept.
        this.env.dialogData.dismiss = () =>
            new Promise((close) => {
                dialogs.add(ConfirmationDialog, {
                    title: _t("Have you copied the secret?"),
                    body: _t("It is not shown again. If it is lost, generate another one."),
                    confirmLabel: _t("I have copied it"),
                    confirm: close,
                    cancelLabel: _t("Go back"),
                    cancel: () => {},
                });
            });
    }
}

registry.category("view_widgets").add("oauth2_shown_once", { component: ShownOnce });
