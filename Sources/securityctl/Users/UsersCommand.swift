import ArgumentParser

/// `securityctl users`.
struct UsersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "Make, show and change accounts.",
        subcommands: [
            UsersCreate.self, UsersList.self, UsersShow.self, UsersActivate.self, UsersDeactivate.self,
            UsersConfirm.self, UsersSetPassword.self, UsersResetAccess.self, UsersEndSessions.self, UsersUnlock.self,
            UsersDelete.self,
            UsersTOTP.self, UsersRecoveryCodes.self,
        ])
}

/// The account that a command is about.
struct UserArgument: ParsableArguments {
    @Argument(help: "The account's IDENTITY: e-mail address, user name, or id:NUMBER.")
    var user: String

    /// The identity as it is repeated in messages.
    var shown: String { "\"" + user.printable + "\"" }
}
