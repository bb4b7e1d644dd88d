import ArgumentParser

/// Parses the command line, runs the command and turns whatever comes of it into a message and a status.
enum CommandLineTool {
    static func run() -> ExitStatus {
        let output = Output()
        var command: any ParsableCommand
        do {
            command = try SecurityCtl.parseAsRoot()
        } catch {
            return report(parsing: error, of: SecurityCtl.self, to: output)
        }
        do {
            try command.run()
            return .success
        } catch {
            guard let failure = CommandFailure(error) else {
                return report(parsing: error, of: type(of: command), to: output)
            }
            output.note("Error: " + failure.message)
            return failure.status
        }
    }

    /// Help and version are no errors; everything else that ArgumentParser says is about the command line.
    private static func report(
        parsing error: any Error, of command: any ParsableCommand.Type, to output: Output
    ) -> ExitStatus {
        let text = command.fullMessage(for: error)
        guard command.exitCode(for: error) == .success else {
            output.note(text)
            return .usage
        }
        output.line(text)
        return .success
    }
}
