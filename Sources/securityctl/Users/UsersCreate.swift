import ArgumentParser
import SecurityCore
import SecurityNetwork

/// `securityctl users create`.
struct UsersCreate: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an account.",
        discussion: """
            Each ATTRIBUTE is NAME:VALUE, or an e-mail address. Names: email, username, active, confirmed, phone \
            numbers, and columns that the application added to its accounts.
            The password is asked for without echo unless an option says where it comes from.
            As in Flask-Security, the account is inactive unless --active is given.

            EXAMPLE
              securityctl users create ann@example.org --username annlee --active --confirmed
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @Argument(help: "NAME:VALUE, or an e-mail address.") var attributes: [String] = []
    @Option(name: .shortAndLong, help: ArgumentHelp("The user name; on hosts, the login name.", valueName: "name"))
    var username: String?
    @Flag(name: .shortAndLong, help: "The account may log in at once.") var active = false
    @Flag(help: "The e-mail address needs no confirmation.") var confirmed = false
    @Option(name: .customLong("role"), help: ArgumentHelp("A role to give; may be repeated.", valueName: "name"))
    var roles: [String] = []
    @Flag(help: "An account that cannot log in with a password.") var noPassword = false
    @OptionGroup var password: PasswordOptions

    func validate() throws {
        if noPassword, password.readsStandardInput || password.argument != nil {
            throw ValidationError("--no-password excludes --password-stdin and --password.")
        }
    }

    func run(on site: Site, output: Output) throws {
        try password.checkArgument(under: site.policy)
        let draft = try AccountDraft(self, site: site)
        try checkRoles(on: site)
        let hash = noPassword ? nil : try newHash(draft, on: site)
        let id = try create(draft, hash: hash, on: site)
        for role in roles { _ = try site.store.addRole(role, account: id) }
        try report(id, draft, site, output)
    }

    private func checkRoles(on site: Site) throws {
        guard !roles.isEmpty else { return }
        let known = Set(try site.store.roles().map { ByteText($0.name) })
        for role in roles where !known.contains(ByteText(role)) { throw RoleArgument.unknown(role) }
    }

    private func newHash(_ draft: AccountDraft, on site: Site) throws -> SharedSecret {
        let password = try password.read(under: site.policy)
        let policy = site.policy.passwords
        let facts = PasswordFacts(words: [draft.email, draft.username].compactMap { $0 })
        let flaws = PasswordRules(policy: policy, service: RangeService(policy.breached))
            .flaws(of: password, beside: facts)
        guard flaws.isEmpty else { throw CommandFailure.refusal("Error creating user. " + site.text(flaws)) }
        return SharedSecret(try site.hasher.hash(password))
    }

    private func create(_ draft: AccountDraft, hash: SharedSecret?, on site: Site) throws -> Int64 {
        var account = NewAccount(
            email: draft.email, username: draft.username, password: hash, isActive: draft.isActive,
            isConfirmed: draft.isConfirmed, fsUniquifier: try site.newUniquifier(),
            webAuthnHandle: try site.newUniquifier())
        account.attributes = draft.attributes
        do throws(StoreError) {
            return try site.store.createAccount(account, now: site.now)
        } catch {
            guard case .conflict(let column) = error else { throw error }
            throw draft.conflict(in: column)
        }
    }

    private func report(_ id: Int64, _ draft: AccountDraft, _ site: Site, _ output: Output) throws {
        guard let record = try site.store.accountRecord(id: id) else { throw StoreError.missingAccount(id: id) }
        if format.isJSON {
            output.json(record.json)
        } else {
            output.line("User created successfully.")
            output.text(record.text)
        }
        if !draft.isActive {
            output.note(
                "The account is inactive: 'securityctl users activate \(draft.email.printable)' lets it log in.")
        }
        for warning in draft.warnings(under: site.policy) { output.note("Warning: " + warning) }
    }
}
