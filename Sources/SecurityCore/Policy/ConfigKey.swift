/// One row of the table of configuration keys.
public struct ConfigKey: Sendable {
    /// The key as it stands in the file.
    public let name: String
    /// What its value may be.
    public let type: ConfigValueType
    /// What its absence means, as TOML text. `""` is Python's None; no text at all: there is no default.
    public let fallback: String
    /// Whether this version does what the key says; the others are accepted and checked for their type.
    public let isHonoured: Bool
    // What only people read is left out of what a host process loads: 0.1 MB.
    #if !hasFeature(Embedded)
    /// Who reads it: `core`, `pam`, `http`, `mail`, `cli`, joined with `+`, or `none`.
    public let component: String
    /// What it is for.
    public let meaning: String
    /// The Flask-Security release that brought it at the latest; empty for those of 5.0 and for keys of others.
    public let since: String
    #endif

    // Inlined, here and in ConfigValueType, the table is data of the Embedded module; else it is code that every login
    // runs.
    @inline(__always)
    private init(
        _ name: String, _ type: ConfigValueType, _ fallback: String, _ component: String, _ meaning: String,
        since: String, isHonoured: Bool
    ) {
        self.name = name
        self.type = type
        self.fallback = fallback
        self.isHonoured = isHonoured
        #if !hasFeature(Embedded)
        self.component = component
        self.meaning = meaning
        self.since = since
        #endif
    }

    /// A row of a key that does what it says.
    @inline(__always)
    static func honoured(
        _ name: String, _ type: ConfigValueType, _ fallback: String, _ component: String, _ meaning: String,
        since: String = ""
    ) -> ConfigKey {
        ConfigKey(name, type, fallback, component, meaning, since: since, isHonoured: true)
    }

    /// A row of a key that is accepted for those who honour it: the Python application, or a later version.
    @inline(__always)
    static func accepted(
        _ name: String, _ type: ConfigValueType, _ fallback: String, _ component: String, _ meaning: String,
        since: String = ""
    ) -> ConfigKey {
        ConfigKey(name, type, fallback, component, meaning, since: since, isHonoured: false)
    }
}
