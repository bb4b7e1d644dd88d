import ArgumentParser
import SecurityCore

/// `securityctl outbox`: mails and text messages that securityd has not sent yet, or has given up.
struct OutboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Look at the messages that wait, try one again, or drop it.",
        subcommands: [OutboxList.self, OutboxRetry.self, OutboxDrop.self])
}

/// `securityctl outbox list`. Never the text of a message: a link or a code in it may sign somebody in.
struct OutboxList: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the messages in the outbox, the oldest first.")

    @OptionGroup var site: SiteOptions

    func run(on site: Site, output: Output) throws {
        var last: Int64 = 0
        while true {
            let messages = try site.store.messages(after: last, count: 100)
            for message in messages {
                output.line(message.summary)
                last = message.id
            }
            guard !messages.isEmpty else { return }
        }
    }
}

extension QueuedMessage {
    /// One line of the list.
    fileprivate var summary: String {
        let state = due == nil ? "given up" : "waiting"
        let words = ["\(id)", channel.rawValue, "\(state) after \(attempts)", recipient.printable, subject.printable]
        return words.filter { !$0.isEmpty }.joined(separator: "  ") + (error.map { ": " + $0.printable } ?? "")
    }
}

/// A message by its number.
struct MessageArgument: ParsableArguments {
    @Argument(help: "The number of the message, as 'outbox list' shows it.")
    var message: Int64

    var missing: CommandFailure {
        .refusal("There is no message \(message) in the outbox: see 'securityctl outbox list'")
    }
}

/// `securityctl outbox retry`.
struct OutboxRetry: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Let securityd try a message again now.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var number: MessageArgument

    func run(on site: Site, output: Output) throws {
        guard let message = try site.store.message(id: number.message) else { throw number.missing }
        if let expires = message.expires, expires <= site.now {
            throw CommandFailure.refusal(
                "Message \(message.id) has expired, so it will not be sent: drop it with 'securityctl outbox drop'")
        }
        guard try site.store.postponeMessage(message.id, until: site.now, error: "tried again") else {
            throw number.missing
        }
        output.line("Message \(message.id) will be tried again.")
    }
}

/// `securityctl outbox drop`.
struct OutboxDrop: SiteCommand {
    static let configuration = CommandConfiguration(commandName: "drop", abstract: "Forget a message unsent.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var number: MessageArgument

    func run(on site: Site, output: Output) throws {
        guard try site.store.removeMessage(number.message) else { throw number.missing }
        output.line("Message \(number.message) was dropped.")
    }
}
