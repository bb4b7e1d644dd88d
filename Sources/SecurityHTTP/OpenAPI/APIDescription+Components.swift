import SecurityCore

/// What operations have in common.
extension APIDescription {
    var components: YAMLNode {
        ["schemas": schemas, "responses": sharedResponses, "securitySchemes": securitySchemes]
    }

    // MARK: Schemas

    private var schemas: YAMLNode {
        [
            "Meta": APIField.closedObject([
                APIField(
                    name: "code", schema: ["type": "integer", "description": "The status once more."], isRequired: true)
            ]),
            "User": APIField.closedObject(payload) + ["description": "What the site tells of the account."],
            "Failure": APIDescription.envelope(APIField.closedObject(APIDescription.errors)),
            "Unauthenticated": APIDescription.envelope(
                APIField.closedObject(APIDescription.errors + APIDescription.staleness)),
        ]
    }

    /// LIBSECURITY_USER_PAYLOAD, and the token that may be asked for.
    private var payload: [APIField] {
        web.payload.filter { $0.value.text != nil }.map { entry in
            APIField(
                name: entry.name, schema: ["anyOf": [["type": "string", "nullable": true], ["type": "integer"]]],
                isRequired: true)
        } + [APIField(name: "authentication_token", schema: ["type": "string"])]
    }

    private static let errors = [
        APIField(
            name: "errors",
            schema: [
                "type": "array", "items": ["type": "string"],
                "description": "Everything that is wrong, in the reader's language.",
            ], isRequired: true),
        APIField(
            name: "field_errors",
            schema: [
                "type": "object", "additionalProperties": ["type": "array", "items": ["type": "string"]],
                "description": "The same by the fields of the body; \"null\" stands for the body as a whole.",
            ]),
    ]

    /// Of a caller whose session is too old for what was asked.
    private static let staleness = [
        APIField(name: "reauth_required", schema: ["type": "boolean"]), Fields.webAuthn,
        APIField(name: "unified_signin_enabled", schema: ["type": "boolean"]),
    ]

    /// `{"meta": {"code": N}, "response": {...}}`.
    static func envelope(_ response: YAMLNode) -> YAMLNode {
        APIField.closedObject([
            APIField(name: "meta", schema: ["$ref": "#/components/schemas/Meta"], isRequired: true),
            APIField(name: "response", schema: response, isRequired: true),
        ])
    }

    // MARK: Responses

    private var sharedResponses: YAMLNode {
        [
            "Redirect": [
                "description": "Leads a browser on.",
                "headers": ["Location": ["required": true, "schema": ["type": "string"]]],
                "content": APIDescription.html,
            ],
            "ForeignOrigin": [
                "description": "The request comes from a page of another site.", "content": APIDescription.html,
            ],
            "NotFound": ["description": "There is no such path.", "content": APIDescription.html],
            "TooLarge": ["description": "The body is too long.", "content": APIDescription.plain],
            "Broken": ["description": "The service is not set up as it must be.", "content": APIDescription.html],
            "Unavailable": [
                "description": "Too many requests at once, or the account database does not answer.",
                "headers": ["Retry-After": ["required": true, "schema": ["type": "integer"]]],
                "content": APIDescription.html + APIDescription.plain,
            ],
        ]
    }

    static let html: YAMLNode = ["text/html": ["schema": ["type": "string"]]]
    static let plain: YAMLNode = ["text/plain": ["schema": ["type": "string"]]]

    // MARK: Who asks

    private var securitySchemes: YAMLNode {
        [
            "session": [
                "type": "apiKey", "in": "cookie", "name": .text(web.session.name),
                "description": "The session cookie of a sign-in.",
            ],
            "token": [
                "type": "apiKey", "in": "header", "name": .text(web.tokenHeader),
                "description": "An authentication token: `authentication_token` of a sign-in.",
            ],
            "tokenInQuery": [
                "type": "apiKey", "in": "query", "name": .text(web.tokenKey),
                "description": "The same in the query, or as a member of the body's object.",
            ],
            "basic": [
                "type": "http", "scheme": "basic",
                "description": "User name and password, for who has no second factor.",
            ],
        ]
    }

    /// The schemes of a mechanism.
    static func schemes(of mechanism: Mechanism) -> [String] {
        switch mechanism {
        case .token: ["token", "tokenInQuery"]
        case .session: ["session"]
        case .basic: ["basic"]
        }
    }
}
