import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** A text that somebody takes along as it is: to copy, or as a file, which the browser makes without asking the server. */
class CodeField extends Component {
    static template = "restapi_oauth2.CodeField";
    static components = { CopyButton };
    static props = { ...standardFieldProps, fileName: String };

    setup() {
        this.copyText = _t("Copy");
        this.successText = _t("Copied");
    }

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    download() {
        downloadFile(this.text, this.props.fileName, "text/plain");
    }
}

registry.category("fields").add("oauth2_code", {
    component: CodeField,
    displayName: _t("Code"),
    supportedTypes: ["text"],
    extractProps: ({ options }) => ({ fileName: options.file_name }),
});
