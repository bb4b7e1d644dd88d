import SecurityCore
import SecurityTokens

/// What is wrong with a form, in the order of its fields.
struct FormErrors {
    /// Texts by field; the name "" stands for the form as a whole.
    private(set) var fields: [(name: String, texts: [String])] = []

    var isEmpty: Bool { fields.isEmpty }

    /// The texts of a field.
    subscript(name: String) -> [String] { fields.first { $0.name == name }?.texts ?? [] }

    mutating func add(_ name: String, _ text: String) {
        if let place = fields.firstIndex(where: { $0.name == name }) {
            fields[place].texts.append(text)
        } else {
            fields.append((name, [text]))
        }
    }

    /// Forgets what is wrong with some fields, or says the same text instead of each.
    mutating func squash(_ names: [String], to text: String? = nil) {
        let isHit = fields.contains { names.contains($0.name) }
        fields.removeAll { names.contains($0.name) }
        if isHit, let text { add("", text) }
    }
}

/// Answers in Flask-Security's envelopes, and redirects.
extension Exchange {
    /// `{"meta": {"code": N}, "response": {...}}`.
    func json(_ response: [JSONMember], status: Int = 200) -> WebResponse {
        let envelope = JSONValue.object([
            JSONMember("meta", .object([JSONMember("code", .integer(Int64(status)))])),
            JSONMember("response", .object(response)),
        ])
        return jsonDocument(envelope, status: status)
    }

    /// A JSON text with the line feed of Flask's.
    func jsonDocument(_ value: JSONValue, status: Int = 200) -> WebResponse {
        let body = JSONWriter.write(value, .flask).bytes + [0x0A]
        return WebResponse(status: status, headers: [HeaderField("Content-Type", "application/json")], body: body)
    }

    /// A success, with the CSRF token that each one carries, and the account's view of itself where `user` is given.
    func success(
        _ members: [JSONMember] = [], user: Account? = nil, mayCarryToken: Bool = false
    ) throws -> WebResponse {
        var response = [JSONMember("csrf_token", .text(csrfTokenText()))] + members
        if let user {
            var payload = try payload(of: user)
            let isAsked = parameter("include_auth_token") != nil || site.web.features.answersTokens
            if mayCarryToken, isAsked {
                let token = try authenticationToken(of: user)
                payload.append(JSONMember("authentication_token", .string(JSONString(bytes: token))))
            }
            response.append(JSONMember("user", .object(payload)))
        }
        return json(response)
    }

    /// An account that is older than the column `fs_token_uniquifier` gets its name there at the first token.
    private func authenticationToken(of user: Account) throws -> Secret {
        do {
            return try tokens().make(.authentication, for: user)
        } catch AccountTokenError.noTokenUniquifier {}
        guard let name = Uniquifier.make(random: site.environment.random) else { throw SiteError.noRandomness }
        _ = try store().nameForTokens(name, account: user.id, now: now)
        return try tokens().make(.authentication, for: user)
    }

    /// LIBSECURITY_USER_PAYLOAD.
    private func payload(of user: Account) throws -> [JSONMember] {
        try site.web.payload.compactMap { entry in
            guard let column = entry.value.text else { return nil }
            switch try store().attribute(column, account: user.id) {
            case .text(let text):
                let date = Exchange.httpDate(text)
                return JSONMember(entry.name, .text(date ?? text))
            case .integer(let number): return JSONMember(entry.name, .integer(number))
            case nil: return JSONMember(entry.name, .null)
            }
        }
    }

    /// A date-time of SQLAlchemy, `2026-11-25 18:03:15.000000`, as an HTTP date; nil for another text.
    private static func httpDate(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A, bytes[16] == 0x3A else {
            return nil
        }
        let parts = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19].compactMap { range in
            Int64(String(decoding: bytes[range], as: UTF8.self))
        }
        guard parts.count == 6 else { return nil }
        return HTTPDate.text(
            of: CalendarDay.seconds(year: parts[0], month: parts[1], day: parts[2])
                + parts[3] * 3600 + parts[4] * 60 + parts[5])
    }

    /// What is wrong with a form.
    func failure(_ errors: FormErrors, status: Int = 400) -> WebResponse {
        let fields = errors.fields.map { field in
            JSONMember(field.name.isEmpty ? "null" : field.name, .array(field.texts.map { .text($0) }))
        }
        let all = errors.fields.flatMap { $0.texts.map { JSONValue.text($0) } }
        return json([JSONMember("errors", .array(all)), JSONMember("field_errors", .object(fields))], status: status)
    }

    /// Something wrong that is no form's.
    func failure(_ key: MessageKey, status: Int, _ further: [JSONMember] = []) -> WebResponse {
        json([JSONMember("errors", .array([.text(text(key))]))] + further, status: status)
    }

    /// A redirect. The body is for people whose browser does not follow it.
    func redirect(_ location: String) -> WebResponse {
        var response = WebResponse.html("<!doctype html><title>Redirecting</title>", status: 302)
        // A line feed would end the header; the other controls belong to no URL.
        let safe = String(decoding: location.utf8.filter { $0 > 0x1F && $0 != 0x7F }, as: UTF8.self)
        response.headers.append(HeaderField("Location", PercentCoding.encode(safe, safe: Exchange.urlCharacters)))
        return response
    }

    private static let urlCharacters = "!#$%&'()*+,/:;=?@[]~\\|"
}

/// Days of the Gregorian calendar.
enum CalendarDay {
    /// Seconds from 1970 to the beginning of a day, UTC.
    static func seconds(year: Int64, month: Int64, day: Int64) -> Int64 {
        // Days are counted from 1 March, so that a leap day is the last of its year.
        let years = month <= 2 ? year - 1 : year
        let era = years / 400
        let yearOfEra = years - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400
    }
}
