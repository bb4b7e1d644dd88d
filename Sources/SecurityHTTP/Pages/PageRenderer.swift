import Mustache
import SecurityCore

/// Lays pages out. A template of LIBSECURITY_TEMPLATE_DIR goes before the built-in one; both escape what they show.
struct PageRenderer: Sendable {
    private let builtIn: MustacheTemplate
    private let own: OwnTemplates?
    private let kept = KeptPages()

    /// A renderer over a site's own templates; nil = there are none.
    init(own: OwnTemplates? = nil) throws {
        builtIn = try MustacheTemplate(
            string: HTMLText.head + String(decoding: PackageResources.layout_mustache, as: UTF8.self))
        self.own = own
    }

    /// The text of a page.
    func render(_ page: PageModel, stylesheet: String, menuTitle: String) -> String {
        if let template = own?[page.template] {
            return template.render(PageRenderer.variables(page, stylesheet, menuTitle))
        }
        return kept.text(of: page) { page in
            builtIn.render(PageRenderer.variables(page, stylesheet, menuTitle))
        }
    }

    /// The built-in names, and each form under Flask-Security's name of it.
    private static func variables(_ page: PageModel, _ stylesheet: String, _ menuTitle: String) -> [String: Any] {
        var variables: [String: Any] = [
            "language": page.language, "stylesheet": stylesheet,
            "flashes": page.flashes.map { ["category": $0.category, "text": $0.text] },
            "forms": page.forms.map { form($0) },
            "menu": page.menu.map { ["text": $0.text, "href": $0.href] },
            "has_menu": !page.menu.isEmpty, "menu_title": menuTitle,
        ]
        // An empty text would count as true in a section: a heading without words.
        if !page.title.isEmpty { variables["title"] = page.title }
        for form in page.forms { variables[form.name] = PageRenderer.form(form) }
        for (name, value) in page.values { variables[name] = plain(value) }
        return variables
    }

    private static func form(_ form: FormView) -> [String: Any] {
        var variables: [String: Any] = [
            "name": form.name, "action": form.action, "submit": form.submit, "errors": form.errors,
            "has_errors": !form.errors.isEmpty,
            "hidden": form.hidden.map { ["name": $0.name, "value": $0.value] },
            "fields": form.fields.map { field($0, of: form) },
        ]
        for hidden in form.hidden { variables[hidden.name] = hidden.value }
        for field in form.fields { variables[field.name] = PageRenderer.field(field, of: form) }
        return variables
    }

    private static func field(_ field: FieldView, of form: FormView) -> [String: Any] {
        var variables: [String: Any] = [
            "name": field.name, "id": field.name, "type": field.type, "label": field.label,
            "is_check": field.type == "checkbox", "is_checked": field.isChecked, "is_required": field.isRequired,
            "errors": field.errors, "has_errors": !field.errors.isEmpty,
        ]
        // An empty text would count as true in a section.
        for (name, text) in [
            ("value", field.value), ("autocomplete", field.autocomplete), ("inputmode", field.inputmode),
        ] where !text.isEmpty {
            variables[name] = text
        }
        if let help = field.help { variables["help"] = ["text": help.text, "href": help.href] }
        return variables
    }

    private static func plain(_ value: PageValue) -> Any {
        switch value {
        case .text(let text): text
        case .bool(let value): value
        case .list(let values): values.map { plain($0) }
        case .table(let table): table.mapValues { plain($0) }
        }
    }
}
