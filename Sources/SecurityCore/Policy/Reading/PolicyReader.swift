/// Turns the text of `security.toml` into a ``Policy``.
public enum PolicyReader {
    #if !hasFeature(Embedded)
    /// Reads a text and keeps its settings, for programs with keys beyond the policy; nil settings where there is no policy.
    ///
    /// `dataFolder` is where the program's own data are, such as translations, unless the file says otherwise.
    public static func readAll(
        _ text: borrowing Secret, path: String, dataFolder: String? = nil
    ) -> (reading: PolicyReading, settings: Settings?) {
        do throws(TOMLError) {
            let document = try text.withBytes { (bytes) throws(TOMLError) in try TOMLDocument(parsing: bytes) }
            let draft = PolicyDraft(path: path, root: document.root, dataFolder: dataFolder)
            let reading = draft.reading()
            return (reading, reading.policy == nil ? nil : Settings(draft))
        } catch {
            return (read(text, path: path), nil)
        }
    }

    /// The same of a file, after ``PolicyFile`` has judged who may read and write it. The data are those beside the program
    /// that runs, where there are any.
    public static func readAll(
        file path: String
    ) throws(PolicyFileError) -> (reading: PolicyReading, settings: Settings?) {
        let text = try PolicyFile.read(path)
        return readAll(text, path: PolicyFile.absolute(path), dataFolder: ProgramFolder.share)
    }
    #endif

    /// Reads a text. All problems of the file are found at once; relative SQLite paths are taken relative to the folder
    /// of `path`. Costs no hash and no look-up outside the text.
    public static func read(_ text: borrowing Secret, path: String) -> PolicyReading {
        do throws(TOMLError) {
            let document = try text.withBytes { (bytes) throws(TOMLError) in try TOMLDocument(parsing: bytes) }
            return PolicyDraft(path: path, root: document.root).reading()
        } catch {
            let diagnostic = Diagnostic(
                severity: .error, path: path, line: error.line > 0 ? error.line : nil, key: nil,
                message: "not valid TOML: \(error.message)")
            return PolicyReading(policy: nil, diagnostics: [diagnostic])
        }
    }

    /// Reads a file, after ``PolicyFile`` has judged who may read and write it.
    public static func read(file path: String) throws(PolicyFileError) -> PolicyReading {
        let text = try PolicyFile.read(path)
        return read(text, path: PolicyFile.absolute(path))
    }
}

/// What was found in a configuration file.
public struct PolicyReading {
    /// The policy; nil when there is an error among the diagnostics.
    public let policy: Policy?
    /// Everything there is to say, in the order of lines; what concerns no line comes last.
    public let diagnostics: [Diagnostic]

    /// The diagnostics that keep the file from being a policy.
    public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
}

extension PolicyDraft {
    /// Reads every part, also after an error, so that all are told at once.
    func reading() -> PolicyReading {
        let secretKey = secretKey()
        let fallbackKeys = fallbackKeys()
        let csrfKey = csrfKey()
        let passwords = passwordPolicy()
        let passwordSalt = passwordSalt(for: passwords)
        let factors = factorPolicy()
        let totpSecrets = totpSecrets()
        let recoveryCodes = recoveryCodeVault(factors)
        let totp = totpPolicy(factors)
        let identities = identityAttributes()
        let usernames = usernamePolicy()
        let addresses = addressPolicy()
        let hosts = hostPolicy()
        let throttle = throttlePolicy()
        let freshness = freshnessPolicy()
        let tokens = tokenPolicy()
        let database = databaseLocation()
        let messages = messageCatalogue()
        judgeWebKeys()
        let diagnostics = sortedDiagnostics()
        guard !hasErrors, let secretKey, let database else {
            return PolicyReading(policy: nil, diagnostics: diagnostics)
        }
        let policy = Policy(
            secrets: PolicySecrets(
                secretKey: secretKey, fallbackKeys: fallbackKeys, csrfKey: csrfKey, passwordSalt: passwordSalt,
                totpSecrets: totpSecrets, recoveryCodes: recoveryCodes),
            passwords: passwords, factors: factors, totp: totp, identities: identities, hosts: hosts,
            throttle: throttle, freshness: freshness, database: database,
            isTrackable: bool("SECURITY_TRACKABLE") ?? false, isChangeable: bool("SECURITY_CHANGEABLE") ?? false,
            allowsPasswordArgument: bool("LIBSECURITY_CLI_PASSWORD_ARGUMENT") ?? false, usernames: usernames,
            tokens: tokens, addresses: addresses, messages: messages)
        return PolicyReading(policy: policy, diagnostics: diagnostics)
    }

    private func sortedDiagnostics() -> [Diagnostic] {
        diagnostics.sorted { ($0.line ?? .max) < ($1.line ?? .max) }
    }
}
