import ArgumentParser
import SecurityCore

/// `securityctl outbox`: mails that securityd has not sent yet, or has given up.
struct OutboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Look at the mails that wait, try one again, or drop it.",
        subcommands: [OutboxList.self, OutboxRetry.self, OutboxDrop.self])
}

/// `securityctl outbox list`. Never the text of a mail: a link in it may sign somebody in.
struct OutboxList: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the mails in the outbox, the oldest first.")

    @OptionGroup var site: SiteOptions

    func run(on site: Site, output: Output) throws {
        var last: Int64 = 0
        while true {
            let mails = try site.store.mails(after: last, count: 100)
            for mail in mails {
                let state = mail.due == nil ? "given up" : "waiting"
                let error = mail.error.map { ": " + $0.printable } ?? ""
                output.line(
                    "\(mail.id)  \(state) after \(mail.attempts)  \(mail.recipient.printable)  \(mail.subject.printable)\(error)"
                )
                last = mail.id
            }
            guard !mails.isEmpty else { return }
        }
    }
}

/// A mail by its number.
struct MailArgument: ParsableArguments {
    @Argument(help: "The number of the mail, as 'outbox list' shows it.")
    var mail: Int64

    var missing: CommandFailure {
        .refusal("There is no mail \(mail) in the outbox: see 'securityctl outbox list'")
    }
}

/// `securityctl outbox retry`.
struct OutboxRetry: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Let securityd try a mail again now.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var mail: MailArgument

    func run(on site: Site, output: Output) throws {
        guard try site.store.postponeMail(mail.mail, until: site.now, error: "tried again") else { throw mail.missing }
        output.line("Mail \(mail.mail) will be tried again.")
    }
}

/// `securityctl outbox drop`.
struct OutboxDrop: SiteCommand {
    static let configuration = CommandConfiguration(commandName: "drop", abstract: "Forget a mail unsent.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var mail: MailArgument

    func run(on site: Site, output: Output) throws {
        guard try site.store.removeMail(mail.mail) else { throw mail.missing }
        output.line("Mail \(mail.mail) was dropped.")
    }
}
