import ArgumentParser
import SecurityCore
import SecurityNetwork

/// `securityctl breached check`.
struct BreachedLookUp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Say whether a password is known from breaches.",
        discussion: """
            Asks LIBSECURITY_BREACHED_FILE, or LIBSECURITY_BREACHED_URL where that is not set, whatever \
            SECURITY_PASSWORD_CHECK_BREACHED says. The service learns the first five hexadecimal digits of the \
            password's SHA-1.

            EXIT STATUS
              0  the policy lets the password pass
              1  it was found as often as SECURITY_PASSWORD_BREACHED_COUNT, or more often
              5  nobody can tell
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input, up to its end.")
    var readsStandardInput = false
    @Option(help: "Ask this list or filter; the configuration is not read.") var file: String?

    func run() throws {
        let output = Output()
        let policy = try file.map { try BreachedLookUp.policy(of: $0) } ?? Site.policy(of: site.config).passwords
        let (count, isExact) = try count(of: read(), policy)
        let isRefused = count >= policy.breached.count
        if format.isJSON {
            output.json(
                .object([
                    ("found", .bool(count > 0)), ("count", .int(Int64(count))), ("refused", .bool(isRefused)),
                    ("source", .string(policy.breached.source)),
                ]))
        } else {
            output.line(BreachedLookUp.sentence(count, isExact, policy.breached))
        }
        try output.flush()
        if isRefused { throw CommandFailure("the password is known from breaches") }
    }

    /// Flask-Security's defaults, with a file. A filter brings its own count.
    private static func policy(of file: String) throws -> PasswordPolicy {
        var policy = PasswordPolicy()
        policy.breached.file = file
        do throws(BreachedError) {
            policy.breached.count = try BreachedSource.filter(file)?.minimumCount ?? 1
        } catch {
            throw CommandFailure(error.description, status: .unknown)
        }
        return policy
    }

    private func read() throws -> Secret {
        if readsStandardInput { return try PasswordOptions.fromStandardInput() }
        guard let terminal = Terminal() else {
            throw CommandFailure("there is no terminal to ask for the password on: use --password-stdin")
        }
        guard let password = terminal.ask("Password: ", isHidden: true) else {
            throw CommandFailure("no password was given")
        }
        return password
    }

    /// The count, and whether it is more than a lower bound.
    private func count(
        of password: consuming Secret, _ policy: PasswordPolicy
    ) throws -> (count: Int, isExact: Bool) {
        let normalized = password.withBytes { (policy.normalization ?? .nfc).normalize($0) }
        guard let normalized else { throw CommandFailure("the password is not valid UTF-8 text") }
        let text = policy.normalization == nil ? password : normalized
        do throws(BreachedError) {
            let source = try BreachedSource.open(policy.breached, service: RangeService(policy.breached))
            let count = try text.withBytes { (bytes) throws(BreachedError) in try source.count(of: bytes) }
            return (count, !(source is BreachedFilter))
        } catch {
            throw CommandFailure(error.description, status: .unknown)
        }
    }

    private static func sentence(_ count: Int, _ isExact: Bool, _ policy: BreachedPolicy) -> String {
        guard count > 0 else { return "Not found in \(policy.source)." }
        let times = count == 1 ? "once" : "\(count) times"
        let found = "Found \(times)\(isExact ? "" : " or more") in \(policy.source)"
        return count >= policy.count
            ? found + "." : found + ", and allowed: SECURITY_PASSWORD_BREACHED_COUNT is \(policy.count)."
    }
}

extension BreachedPolicy {
    /// Who is asked.
    fileprivate var source: String { (file ?? service).printable }
}
