import ArgumentParser
import SecurityCore

/// `securityctl users list`.
struct UsersList: SiteCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all accounts.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions

    func run(on site: Site, output: Output) throws {
        if format.isJSON {
            try output.jsonArray { emit in try UsersList.eachRecord(of: site) { emit($0.json) } }
            return
        }
        var table = TextTable("ID", "EMAIL", "USERNAME", "ACTIVE", "CONFIRMED", "FACTOR", "ROLES")
        try UsersList.eachRecord(of: site) { record in
            table.add(
                "\(record.id)", record.email, record.username ?? "", record.isActive ? "yes" : "no",
                record.confirmedAt == nil ? "no" : "yes", record.twoFactorMethod ?? "",
                record.roles.joined(separator: ","))
        }
        output.text(table.text)
    }

    private static let pageSize = 500

    /// Lends every account in the order of ids, page by page: a list of a million does not fill the memory.
    private static func eachRecord(of site: Site, _ body: (AccountRecord) -> Void) throws {
        var last = Int64.min
        while true {
            let page = try site.store.accountRecords(after: last, count: pageSize)
            for record in page { body(record) }
            guard let record = page.last else { return }
            last = record.id
        }
    }
}

/// `securityctl users show`.
struct UsersShow: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one account: everything but its secrets.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions
    @OptionGroup var user: UserArgument

    func run(on site: Site, output: Output) throws {
        let record = try site.record(site.account(user.user))
        if format.isJSON { output.json(record.json) } else { output.text(record.text) }
    }
}
