/// The content of a Flask session. Keys are Flask-Login's, Flask-WTF's, Flask-Security's and the application's.
///
/// Everybody who has the cookie can read it, and can send an old one again: nothing that must not go backwards may stand here.
public struct FlaskSession: Equatable {
    /// The entries, in the cookie's order.
    public var members: [SessionMember]

    /// A session of these entries.
    public init(_ members: [SessionMember] = []) {
        self.members = members
    }

    /// The value of a key; setting nil removes it.
    public subscript(name: String) -> SessionValue? {
        get {
            for member in members where member.name.equals(name) { return member.value }
            return nil
        }
        set {
            let place = members.firstIndex { member in member.name.equals(name) }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(SessionMember(name, value))
            case (nil, nil): break
            }
        }
    }

    /// `_user_id`: the `fs_uniquifier` of whoever is signed in.
    public var userID: JSONString? { string("_user_id") }

    /// `_fresh`: whether somebody signed in in this session, and did not come by remember cookie.
    public var isFresh: Bool { self["_fresh"] == .bool(true) }

    /// `_id`: the ``SessionIdentifier`` of the browser that signed in.
    public var identifier: JSONString? { string("_id") }

    /// `csrf_token`: what a CSRF token must hold.
    public var csrfToken: JSONString? { string("csrf_token") }

    /// `fs_paa`: when a primary factor was last shown, in seconds since the epoch.
    public var authenticatedAt: Double? {
        switch self["fs_paa"] {
        case .real(let seconds): seconds
        case .integer(let seconds): Double(seconds)
        default: nil
        }
    }

    /// `fs_gexp`: the end of the grace period, in seconds since the epoch.
    public var graceEndSeconds: Int64? {
        if case .integer(let seconds) = self["fs_gexp"] { return seconds }
        return nil
    }

    private func string(_ name: String) -> JSONString? {
        if case .string(let text) = self[name] { return text }
        return nil
    }
}
