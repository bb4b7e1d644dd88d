import SecurityCore

/// The OpenAPI 3.0 description of a site's JSON interface (LIBSECURITY_OPENAPI): the flows that are switched on, by their
/// configured names.
///
/// It is made from the routes that there are, so that it cannot promise others; what they take and answer stands in one
/// table, `APIDescription+Operations.swift`.
struct APIDescription {
    let web: WebPolicy
    let policy: Policy
    let routes: RouteTable

    /// The whole description.
    var document: YAMLNode {
        [
            "openapi": "3.0.3",
            "info": [
                "title": "Accounts", "version": "5.0",
                "description": """
                The JSON interface of Flask-Security 5.0. An answer is JSON where the body of the request is, or where \
                the type that its Accept field likes best is application/json; other clients get pages and redirects.
                """,
            ],
            "servers": [["url": .text(web.linkBase ?? "/")]],
            "paths": paths,
            "components": components,
        ]
    }

    private var paths: YAMLNode {
        let flows = routes.endpoints.map { endpoint in
            let token: YAMLNode = [["name": "token", "in": "path", "required": true, "schema": ["type": "string"]]]
            let path = APIDescription.encoded(endpoint.path)
            guard endpoint.takesToken else { return item(path, operations(of: endpoint)) }
            return item(RequestPath(path).token("{token}"), operations(of: endpoint), ["parameters": token])
        }
        let documents = routes.pages.filter { $0.json != nil }.compactMap { rule in
            rule.path.map { item(APIDescription.encoded($0.string), operations(of: rule)) }
        }
        return .map(flows + documents)
    }

    /// A brace in a path would be taken for a parameter.
    private static func encoded(_ path: String) -> String { PercentCoding.encode(path, safe: "/") }

    private func item(_ path: String, _ operations: [APIOperation], _ common: YAMLNode = [:]) -> YAMLEntry {
        let methods = operations.map { YAMLEntry(name: ByteText($0.method).lowered.string, value: description(of: $0)) }
        return YAMLEntry(name: path, value: common + .map(methods))
    }

    private func description(of operation: APIOperation) -> YAMLNode {
        let parameters = parameters(of: operation)
        return (operation.id.map { ["operationId": .text($0)] } ?? [:])
            + ["summary": .text(operation.summary), "security": security(of: operation)]
            + (parameters.isEmpty ? [:] : ["parameters": .list(parameters)])
            + (body(of: operation).map { ["requestBody": $0] } ?? [:])
            + ["responses": responses(of: operation)]
    }

    // MARK: What it takes

    private func security(of operation: APIOperation) -> YAMLNode {
        switch operation.caller {
        case .anybody: []
        case .anonymous: [[:], ["session": []]]
        case .authenticated(let mechanisms):
            .list(
                mechanisms.flatMap { APIDescription.schemes(of: $0) }.map {
                    .map([YAMLEntry(name: $0, value: [])])
                })
        }
    }

    private func parameters(of operation: APIOperation) -> [YAMLNode] {
        let query = operation.query.map { field -> YAMLNode in
            ["name": .text(field.name), "in": "query", "schema": field.schema]
        }
        guard operation.csrf != .nowhere, web.csrf.isProtecting, web.csrf.methods.contains(operation.method),
            let name = web.csrf.headers.first
        else { return query }
        let header: YAMLNode = [
            "name": .text(name), "in": "header",
            "required": .flag(web.csrf.checksEveryView),
            "schema": ["type": "string"], "description": "The CSRF token of an earlier answer.",
        ]
        return query + [header]
    }

    private func body(of operation: APIOperation) -> YAMLNode? {
        guard operation.method == "POST" else { return nil }
        let token = APIField(
            name: web.csrf.field,
            schema: [
                "type": "string", "description": "The CSRF token of an earlier answer, where no header carries it.",
            ])
        let fields = operation.fields + (web.csrf.isEnabled && operation.csrf == .form ? [token] : [])
        guard !fields.isEmpty else { return nil }
        return [
            "required": .flag(fields.contains(where: \.isRequired)),
            "content": ["application/json": ["schema": APIField.object(fields)]],
        ]
    }
}
