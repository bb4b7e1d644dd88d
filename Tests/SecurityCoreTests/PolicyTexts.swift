@testable import SecurityCore

/// Configuration files for tests: what every file needs, and lines that a test adds.
enum PolicyTexts {
    /// The least that makes a policy without a remark; three lines.
    static let least = [
        "SECRET_KEY = \"0123456789abcdef0123456789abcdef\"",
        "SECURITY_PASSWORD_SALT = \"146585145368132386173505678016728509634\"",
        "SQLALCHEMY_DATABASE_URI = \"sqlite:////var/lib/libsecurity/users.db\"",
    ]

    /// A tag and a secret that nobody remarks upon.
    static let totp = "SECURITY_TOTP_SECRETS = { 1 = \"TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B\" }"

    /// Reads `lines`, before which those of ``least`` stand that set no key of theirs.
    static func read(_ lines: String) -> PolicyReading {
        PolicyReader.read(Secret(utf8: file(lines)), path: "/etc/libsecurity/security.toml")
    }

    /// The text that ``read(_:)`` reads: added lines begin at line 4, or earlier where they replace some.
    static func file(_ lines: String) -> String {
        let added = lines.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let needed = least.filter { line in
            let name = line.prefix { $0 != " " }
            return !added.contains { $0.hasPrefix("\(name) ") || $0.hasPrefix("# no \(name)") }
        }
        return (needed + added).joined(separator: "\n") + "\n"
    }
}
