import { registry } from "@web/core/registry";

/** Loads the record anew whose button was pressed. Without an action, Odoo would close the dialog that it stands in. */
function reload(env, action, options) {
    return options.onClose?.();
}

registry.category("actions").add("restapi_oauth2.reload", reload);
