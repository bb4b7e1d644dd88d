import ArgumentParser

/// A command on the accounts of a site.
protocol SiteCommand: ParsableCommand {
    var site: SiteOptions { get }

    /// Does the work; the result is sent when it returns.
    func run(on site: Site, output: Output) throws
}

extension SiteCommand {
    func run() throws {
        let output = Output()
        try run(on: Site(site), output: output)
        try output.flush()
    }
}
