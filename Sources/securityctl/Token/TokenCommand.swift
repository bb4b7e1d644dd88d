import ArgumentParser
import SecurityCore
import SecurityTokens

/// `securityctl token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Explain tokens and cookies.", subcommands: [TokenInspect.self])
}

/// `securityctl token inspect`.
struct TokenInspect: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Explain a token or cookie without its secrets.",
        discussion: """
            Tells what it is for, which key signed it, when it was signed and when it ends, whose it is, and whether it \
            is good now. Links, authentication tokens, session and remember cookies, refresh and CSRF tokens, \
            set-up and sign-in states are known. Nothing is changed: a link is not used up.

            Leave TOKEN out, or write -, to hand it over on standard input: an argument is seen by every user of this \
            machine in the list of processes.
            """)

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @Argument(help: "The token; - = standard input.") var token = "-"

    func run(on site: Site, output: Output) throws {
        let explanation = try text().withBytes { text in try TokenExplainer(site).explain(text) }
        guard let explanation else {
            throw CommandFailure(
                "no key of the configuration has signed this for anything that is known here: it comes from another"
                    + " site or was changed on the way, or SECRET_KEY was replaced and is not in SECRET_KEY_FALLBACKS")
        }
        if format.isJSON { output.json(explanation.json) } else { output.text(explanation.text) }
    }

    private func text() throws -> Secret {
        if token != "-" { return Secret(utf8: token) }
        let input = Descriptor.standardInput
        guard !input.isTerminal else {
            throw CommandFailure("the token is read from a pipe or a file: securityctl token inspect <FILE")
        }
        guard let text = input.readAll(limit: TokenLimits.longest + 1) else {
            throw CommandFailure("standard input cannot be read, or is longer than a token can be")
        }
        return text.withBytes { bytes in
            let hasEnd = !bytes.isEmpty && bytes[bytes.count - 1] == 0x0a
            return Secret(copying: bytes.extracting(0..<(hasEnd ? bytes.count - 1 : bytes.count)))
        }
    }
}
