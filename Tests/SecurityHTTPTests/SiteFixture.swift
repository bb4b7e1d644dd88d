import SecurityCore
import Testing

@testable import SecurityHTTP

/// A valid configuration with further lines, read as the service reads it.
struct SiteFixture {
    let policy: Policy
    let settings: Settings

    init(_ lines: String, database: String = "/nowhere/users.db") throws {
        let text = """
            SECRET_KEY = "a key of forty characters for these tests"
            SECURITY_PASSWORD_SALT = "a salt for these tests"
            SQLALCHEMY_DATABASE_URI = "sqlite:///\(database)"
            \(lines)
            """
        let (reading, settings) = PolicyReader.readAll(Secret(utf8: text), path: "/nowhere/security.toml")
        policy = try #require(reading.policy, "\(reading.errors.map { $0.description })")
        self.settings = try #require(settings)
    }

    /// Throws ``InvalidConfiguration``.
    func web() throws -> WebPolicy { try WebPolicy(settings, policy: policy) }
}
