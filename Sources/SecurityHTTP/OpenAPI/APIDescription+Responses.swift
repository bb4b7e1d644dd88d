/// What an operation answers, by status.
extension APIDescription {
    func responses(of operation: APIOperation) -> YAMLNode {
        var responses = [success(of: operation)].compactMap { $0 }
        func add(_ status: String, _ node: YAMLNode) { responses.append(YAMLEntry(name: status, value: node)) }
        func refer(_ status: String, _ name: String) { add(status, ["$ref": "#/components/responses/\(name)"]) }

        if operation.outcomes.contains(.redirect) || leadsToSignIn(operation) { refer("302", "Redirect") }
        if let badRequest = badRequest(of: operation) { add("400", badRequest) }
        if case .authenticated(let mechanisms) = operation.caller { add("401", unauthenticated(mechanisms)) }
        if operation.outcomes.contains(.forbidden) {
            add("403", ["description": "The caller may not see it.", "content": failure + APIDescription.html])
        } else if web.checksOrigin, web.csrf.methods.contains(operation.method) {
            refer("403", "ForeignOrigin")
        }
        if operation.outcomes.contains(.notFound) { refer("404", "NotFound") }
        if operation.method == "POST" { refer("413", "TooLarge") }
        refer("500", "Broken")
        refer("503", "Unavailable")
        return .map(responses)
    }

    private func success(of operation: APIOperation) -> YAMLEntry? {
        let schemas = operation.answers.map { $0.schema }
        var content: YAMLNode = [:]
        if let first = schemas.first {
            content = ["application/json": ["schema": schemas.count == 1 ? first : ["anyOf": .list(schemas)]]]
        }
        if operation.outcomes.contains(.page) { content = content + APIDescription.html }
        guard content != [:] else { return nil }
        return YAMLEntry(name: "200", value: ["description": .text(operation.summary), "content": content])
    }

    private var failure: YAMLNode { ["application/json": ["schema": ["$ref": "#/components/schemas/Failure"]]] }

    /// A page where the CSRF token is not good or the body cannot be read, whatever the client asks for.
    private func badRequest(of operation: APIOperation) -> YAMLNode? {
        let refuses = operation.outcomes.contains(.refusal)
        guard refuses || operation.method == "POST" else { return nil }
        return [
            "description": "Something is wrong with the request; nothing was changed.",
            "content": (refuses ? failure : [:]) + (operation.method == "POST" ? APIDescription.html : [:]),
        ]
    }

    private func unauthenticated(_ mechanisms: [Mechanism]) -> YAMLNode {
        let challenges: YAMLNode = ["headers": ["WWW-Authenticate": ["schema": ["type": "string"]]]]
        let pages = mechanisms.contains(.basic) || web.features.answersPlainUnauthenticated
        return ["description": "Nobody is signed in, or not freshly."]
            + (mechanisms.contains(.basic) ? challenges : [:])
            + [
                "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Unauthenticated"]]]
                    + (pages ? APIDescription.html : [:])
            ]
    }

    /// Whether a browser that nobody is signed in with is led to the page for that.
    private func leadsToSignIn(_ operation: APIOperation) -> Bool {
        guard case .authenticated(let mechanisms) = operation.caller else { return false }
        return !mechanisms.contains(.basic) && !web.features.answersPlainUnauthenticated
    }
}

extension APIOperation.Answer {
    fileprivate var schema: YAMLNode {
        switch self {
        case .members(let members):
            APIDescription.envelope(APIField.closedObject([Fields.csrfToken.required] + members))
        case .nothing: APIDescription.envelope(APIField.closedObject([]))
        case .document: [:]
        }
    }
}
