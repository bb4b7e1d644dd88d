import ArgumentParser
import SecurityCore

/// The whole command.
struct SecurityCtl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "securityctl",
        abstract: "Administer the accounts and the policy of libsecurity and Flask-Security.",
        discussion: """
            USER is any identity of an account: what SECURITY_USER_IDENTITY_ATTRIBUTES says, a user name, or id:NUMBER.
            The names of Flask-Security's own commands (users reset_access, users change_password, roles \
            add_permissions, ...) are accepted too.

            EXIT STATUS
              0  done
              1  refused or failed: no such user, a password that the policy does not take, ...
              2  the command line is wrong
              3  the configuration file is missing, open to others, or invalid
              4  the account database is missing, locked, damaged, full, not writable or not safe
              5  nobody can tell whether a password is known from breaches ('breached check' only)
            """,
        version: "securityctl \(Release.version)",
        subcommands: [
            InitCommand.self, ConfigCommand.self, CheckCommand.self, UsersCommand.self, RolesCommand.self,
            InitCommand.self, ConfigCommand.self, CheckCommand.self, UsersCommand.self, RolesCommand.self,
            BreachedCommand.self, TokenCommand.self, OutboxCommand.self,
        ])

    @OptionGroup var site: SiteOptions
}

/// Where the configuration is.
struct SiteOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
    var config = PolicyFile.standardPath
}

/// For commands that print data.
struct FormatOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print JSON.")
    var isJSON = false
}
