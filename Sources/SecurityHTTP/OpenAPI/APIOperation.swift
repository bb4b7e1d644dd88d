/// One method of an endpoint, as a client that speaks JSON sees it.
struct APIOperation {
    /// Who may call it.
    enum Caller {
        /// Everybody alike.
        case anybody
        /// Everybody; who is signed in gets another answer.
        case anonymous
        /// Who is authenticated by one of some mechanisms.
        case authenticated([Mechanism])
    }

    /// Where a CSRF token may be.
    enum TokenPlace {
        /// In a field of the body, or in a header where one counts.
        case form
        /// In a header, where one counts.
        case header
        /// None is asked for.
        case nowhere
    }

    /// The JSON of a success, status 200.
    enum Answer {
        /// The envelope with the CSRF token and some members.
        case members([APIField])
        /// The envelope with nothing in it.
        case nothing
        /// A document of the site's own.
        case document
    }

    /// What else may come of a call, beside what may come of each.
    enum Outcome {
        /// 200: a page, for a client that does not ask for JSON.
        case page
        /// 302, for a client that does not ask for JSON, or comes from a mail.
        case redirect
        /// 400: what is wrong with the fields or the caller.
        case refusal
        /// 403: the caller has not the role or permission.
        case forbidden
        /// 404: a token that no path can hold.
        case notFound
    }

    let method: String
    /// Unique in the document; nil where only the path names it.
    let id: String?
    let summary: String
    var caller: Caller = .anybody
    var csrf: TokenPlace = .form
    /// What its body may hold, beside a CSRF token.
    var fields: [APIField] = []
    /// What its query may hold.
    var query: [APIField] = []
    var answers: [Answer] = []
    let outcomes: Set<Outcome>
}

/// A field of a body, a parameter, or a member of an answer.
struct APIField: Sendable {
    let name: String
    let schema: YAMLNode
    var isRequired = false

    /// The same, which must be there.
    var required: APIField { APIField(name: name, schema: schema, isRequired: true) }

    /// An object of exactly these fields.
    static func object(_ fields: [APIField]) -> YAMLNode {
        let properties = YAMLNode.map(fields.map { YAMLEntry(name: $0.name, value: $0.schema) })
        let names = fields.filter(\.isRequired).map { YAMLNode.text($0.name) }
        return ["type": "object", "properties": properties]
            + (names.isEmpty ? [:] : ["required": .list(names)])
    }

    /// The same, and nothing else beside them.
    static func closedObject(_ fields: [APIField]) -> YAMLNode { object(fields) + ["additionalProperties": false] }
}
