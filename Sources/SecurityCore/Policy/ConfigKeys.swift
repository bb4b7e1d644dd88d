/// Every configuration key that is known: those of Flask-Security 5.0 to 5.9, those of Flask and its extensions that
/// shape what we do, and our own.
public enum ConfigKeys {
    /// Keys that belong together.
    public struct Section: Sendable {
        /// The heading.
        public let title: String
        /// Its keys, in the order of Flask-Security's documentation.
        public let keys: [ConfigKey]
    }

    /// Python's None as a default.
    static let null = "\"\""

    /// The whole table.
    public static let sections = [
        Section(title: "Core", keys: core),
        Section(title: "Core - Multi-factor", keys: multiFactor),
        Section(title: "Core - rarely need changing", keys: rarelyChanged),
        Section(title: "Login/Logout", keys: signIn),
        Section(title: "Registerable", keys: registration),
        Section(title: "Confirmable", keys: confirmation),
        Section(title: "Changeable", keys: change),
        Section(title: "Recoverable", keys: recovery),
        Section(title: "Two-Factor", keys: twoFactor),
        Section(title: "Unified Signin", keys: unifiedSignIn),
        Section(title: "Passwordless", keys: passwordless),
        Section(title: "Trackable", keys: tracking),
        Section(title: "WebAuthn", keys: webAuthn),
        Section(title: "Recovery Codes", keys: recoveryCodes),
        Section(title: "Later releases", keys: laterReleases),
        Section(title: "Undocumented", keys: undocumented),
        Section(title: "Flask and its extensions", keys: flask),
        Section(title: "libsecurity", keys: ours),
        Section(title: "Messages", keys: messages),
    ]

    /// The row of a key.
    public static func find(_ name: String) -> ConfigKey? {
        // Most rows are told apart by their length, without comparing texts.
        let count = name.utf8.count
        for section in sections {
            for index in section.keys.indices
            where section.keys[index].name.utf8.count == count && section.keys[index].name.equals(name) {
                return section.keys[index]
            }
        }
        return nil
    }

    /// The name of every key.
    static var names: [String] { sections.flatMap { section in section.keys.map { $0.name } } }

    /// Whether a key of this name must be known: the prefixes are ours and Flask-Security's.
    static func isReserved(_ name: String) -> Bool {
        ByteText(name).has(prefix: "SECURITY_") || ByteText(name).has(prefix: "LIBSECURITY_")
    }

    /// The known key that an unknown one was probably meant to be.
    static func nearest(to name: String) -> String? {
        for prefix in ["SECURITY_", "LIBSECURITY_"] {
            if let rest = ByteText(name).dropping(prefix: ByteText(prefix))?.string, find(rest) != nil { return rest }
        }
        return NearestName.of(name, among: names)
    }

    /// The known key that is one edit, a prefix, or the case of its letters away from a name that belongs to the
    /// application.
    static func neighbour(of name: String) -> String? {
        if name.utf8.contains(where: { $0 >= 0x61 && $0 <= 0x7A }) {
            let upper = ByteText(name).uppered.string
            return find(upper) == nil ? nil : upper
        }
        for prefix in ["SECURITY_", "LIBSECURITY_"] where find(prefix + name) != nil { return prefix + name }
        for section in sections {
            for index in section.keys.indices where NearestName.areOneEditApart(section.keys[index].name, name) {
                return section.keys[index].name
            }
        }
        return nil
    }
}
