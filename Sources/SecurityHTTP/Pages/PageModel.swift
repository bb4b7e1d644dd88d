/// Everything that a page shows, in the reader's language already. Templates lay it out and decide nothing.
public struct PageModel: Hashable, Sendable {
    /// What a *_TEMPLATE key names, such as `security/login_user.html`.
    public var template: String
    /// The language of the texts, such as `de`.
    public var language = "en"
    /// The heading.
    public var title: String
    /// Messages that waited for a page: Flask's category and text.
    public var flashes: [Flash] = []
    /// Forms by the name that a template knows them by, such as `login_user_form`.
    public var forms: [FormView] = []
    /// Links to other pages.
    public var menu: [PageLink] = []
    /// Further variables of the template.
    public var values: [String: PageValue] = [:]

    /// A page with a heading.
    public init(template: String, title: String) {
        self.template = template
        self.title = title
    }
}

/// One message that waited for a page.
public struct Flash: Hashable, Sendable {
    /// `info`, `success`, `warning`, `error`, or what the application calls it.
    public var category: String
    /// What it says.
    public var text: String

    /// A message of a category.
    public init(category: String, text: String) {
        self.category = category
        self.text = text
    }
}

/// A link of a page.
public struct PageLink: Hashable, Sendable {
    /// What it says.
    public var text: String
    /// Where it leads.
    public var href: String

    /// A link.
    public init(_ text: String, _ href: String) {
        self.text = text
        self.href = href
    }
}

/// A form of a page.
public struct FormView: Hashable, Sendable {
    /// Flask-Security's name of it, such as `login_user_form`; also the `name` of the element.
    public var name: String
    /// Where it is sent.
    public var action: String
    /// Its fields.
    public var fields: [FieldView] = []
    /// What is wrong with the form as a whole.
    public var errors: [String] = []
    /// What its button says.
    public var submit: String
    /// Hidden fields, the CSRF token among them.
    public var hidden: [HeaderField] = []

    /// A form with a button.
    public init(name: String, action: String, submit: String) {
        self.name = name
        self.action = action
        self.submit = submit
    }
}

/// A field of a form.
public struct FieldView: Hashable, Sendable {
    /// The name in the request.
    public var name: String
    /// `text`, `email`, `password`, `checkbox`...
    public var type: String
    /// What stands beside it.
    public var label: String
    /// What it holds; never a password.
    public var value = ""
    /// `autocomplete`, such as `current-password`.
    public var autocomplete = ""
    /// `inputmode`, such as `numeric`; empty = none.
    public var inputmode = ""
    /// Whether a checkbox is ticked.
    public var isChecked = false
    /// Whether the browser asks for it.
    public var isRequired = false
    /// What is wrong with it.
    public var errors: [String] = []
    /// Where those find help who cannot fill it in.
    public var help: PageLink?

    /// A field by name, type and label.
    public init(name: String, type: String, label: String) {
        self.name = name
        self.type = type
        self.label = label
    }
}

/// A variable of a template.
public indirect enum PageValue: Hashable, Sendable {
    /// Text, which templates escape.
    case text(String)
    case bool(Bool)
    case list([PageValue])
    case table([String: PageValue])
}
