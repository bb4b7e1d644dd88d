import ArgumentParser
import CLibc
import SecurityCore
import SecurityStore

/// `securityctl init`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a configuration with fresh secrets, and an account database.",
        discussion: """
            Nothing that exists is overwritten. With --group, root shares both with the programs of that group: folder of \
            the configuration root:GROUP 0750, file 0640; folder of the database 2770, file 0660. Without it they belong to \
            the caller alone.
            For an application that exists, do not use init: write a security.toml with its own SECRET_KEY, \
            SECURITY_PASSWORD_SALT, SECURITY_TOTP_SECRETS and SQLALCHEMY_DATABASE_URI.
            """)

    @OptionGroup var site: SiteOptions
    @Option(help: ArgumentHelp("The group of the web application and securityd.", valueName: "name")) var group: String?
    @Option(help: ArgumentHelp("The database file.", valueName: "path")) var database = "/var/lib/libsecurity/users.db"
    @Option(help: ArgumentHelp("The name that authenticator apps show. Default: the host name.", valueName: "name"))
    var issuer: String?
    @Flag(help: "Nobody logs in without a second factor.") var requireTwoFactor = false
    @Flag(help: "Make only the database that an existing configuration names.") var databaseOnly = false

    func run() throws {
        let output = Output()
        let files = NewFiles(access: try access())
        do {
            if databaseOnly { try makeDatabase(files) } else { try makeSite(files) }
        } catch {
            files.takeBack()
            throw error
        }
        for line in files.account { output.line("Made " + line) }
        if !databaseOnly { output.text(nextSteps) }
        try output.flush()
    }

    private func access() throws -> NewFiles.Access {
        guard let group else { return .ownerOnly }
        guard let gid = SystemUser.gid(of: group) else {
            throw CommandFailure(
                "there is no group \"\(group.printable)\": 'groupadd --system \(group.printable)' makes it")
        }
        guard geteuid() == 0 else { throw CommandFailure("--group needs root, who owns what the group may read") }
        return .group(gid)
    }

    private func makeSite(_ files: NewFiles) throws {
        let config = PolicyFile.absolute(site.config)
        let template = ConfigTemplate(choices: try choices())
        try refuse(existing: config, "'securityctl config check \(config)' judges it")
        try refuse(existing: template.choices.database, "an existing database needs the secrets it was made with")
        guard let text = template.text(random: Environment.system.random) else { throw CommandFailure.noRandomness }
        try files.makeFolder(of: config, isShared: false)
        try files.write(text, to: config)
        try makeDatabase(at: template.choices.database, files)
    }

    private func makeDatabase(_ files: NewFiles) throws {
        let policy = try Site.policy(of: site.config)
        guard case .sqlite(let path) = policy.database else { throw StoreError.unsupported(scheme: "postgresql") }
        try refuse(existing: path, "it is used as it is")
        try makeDatabase(at: path, files)
    }

    private func makeDatabase(at path: String, _ files: NewFiles) throws {
        try files.makeFolder(of: path, isShared: true)
        try SQLiteStore.create(path: path)
        try files.adoptDatabase(path)
    }

    private func refuse(existing path: String, _ advice: String) throws {
        guard !NewFiles.exists(path) else { throw CommandFailure("\(path) exists and is not overwritten: \(advice)") }
    }

    private func choices() throws -> ConfigTemplate.Choices {
        let database = PolicyFile.absolute(database)
        guard database.utf8.allSatisfy(InitCommand.isPathByte) else {
            throw ValidationError(
                "--database takes letters, digits and /._- only: other characters mean something in a URI.")
        }
        let issuer = issuer ?? SystemUser.hostName ?? "libsecurity"
        guard !issuer.isEmpty, issuer.unicodeScalars.allSatisfy(InitCommand.isIssuerScalar) else {
            throw ValidationError("--issuer takes no colon, quotation mark, backslash or control character.")
        }
        return ConfigTemplate.Choices(database: database, issuer: issuer, requiresTwoFactor: requireTwoFactor)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2d...0x39, 0x41...0x5a, 0x5f, 0x61...0x7a: true
        default: false
        }
    }

    private static func isIssuerScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ":", "\"", "\\": false
        default: scalar.properties.generalCategory != .control
        }
    }

    private var nextSteps: String {
        let config = site.config == PolicyFile.standardPath ? "" : " --config \(site.config)"
        return """

            Next:
              securityctl\(config) users create ann@example.org --username ann --active --confirmed
              securityctl\(config) users totp enrol ann
              securityctl\(config) users recovery-codes ann
            Keep a copy of the configuration in a safe place: without its secrets the database is of no use.

            """
    }
}
