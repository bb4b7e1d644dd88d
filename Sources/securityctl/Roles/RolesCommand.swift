import ArgumentParser
import SecurityCore

/// `securityctl roles`.
struct RolesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles", abstract: "Make, list and change roles, and give them to accounts.",
        subcommands: [
            RolesCreate.self, RolesList.self, RolesAdd.self, RolesRemove.self, RolesAddPermissions.self,
            RolesRemovePermissions.self,
        ])
}

/// The role that a command is about.
struct RoleArgument: ParsableArguments {
    @Argument(help: "The name of the role; upper and lower case differ.") var role: String

    var shown: String { "\"" + role.printable + "\"" }

    static func unknown(_ role: String) -> CommandFailure {
        CommandFailure.refusal("Cannot find role. There is no \"\(role.printable)\": see 'securityctl roles list'")
    }
}

/// Permissions, as Flask-Security takes them.
struct PermissionsArgument: ParsableArguments {
    @Argument(help: "Permissions, separated by commas.") var permissions: String

    var list: [String] { PermissionsArgument.list(permissions) }

    /// The parts of a list, blanks around them taken off.
    static func list(_ text: String) -> [String] {
        ByteText(text).words(between: 0x2C).map { $0.string.trimmingBlanks }.filter { !$0.isEmpty }
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        var rest = unicodeScalars[...]
        while rest.first?.properties.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.properties.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}

extension RoleRecord {
    /// The role under Flask-Security's names of columns.
    var json: JSON {
        .object([
            ("name", .string(name)), ("description", .optional(description)), ("permissions", .strings(permissions)),
        ])
    }
}

/// `securityctl roles create`.
struct RolesCreate: SiteCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a role.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var role: RoleArgument
    @Option(name: .shortAndLong, help: ArgumentHelp("What it is for.", valueName: "text")) var description: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Permissions, separated by commas.", valueName: "list"))
    var permissions: String?

    func run(on site: Site, output: Output) throws {
        guard !role.role.isEmpty else { throw ValidationError("A role needs a name.") }
        let record = RoleRecord(
            name: role.role, description: description, permissions: PermissionsArgument.list(permissions ?? ""))
        do throws(StoreError) {
            try site.store.createRole(record, now: site.now)
        } catch {
            guard case .conflict = error else { throw error }
            throw CommandFailure.refusal("Role \(role.shown) exists already")
        }
        output.line("Role \(role.shown) created successfully.")
    }
}

/// `securityctl roles list`.
struct RolesList: SiteCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all roles.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var format: FormatOptions

    func run(on site: Site, output: Output) throws {
        let roles = try site.store.roles()
        guard !format.isJSON else { return output.json(.array(roles.map { $0.json })) }
        var table = TextTable("NAME", "DESCRIPTION", "PERMISSIONS")
        for role in roles { table.add(role.name, role.description ?? "", role.permissions.joined(separator: ",")) }
        output.text(table.text)
    }
}

/// `securityctl roles add`.
struct RolesAdd: SiteCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Give a role to an account.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument
    @OptionGroup var role: RoleArgument

    func run(on site: Site, output: Output) throws {
        switch try site.store.addRole(role.role, account: site.account(user.user).id) {
        case .changed: output.line("Role \(role.shown) added to user \(user.shown) successfully.")
        case .unchanged: throw CommandFailure.refusal("Cannot add role to user. User \(user.shown) has it already")
        case .unknownRole: throw RoleArgument.unknown(role.role)
        }
    }
}

/// `securityctl roles remove`.
struct RolesRemove: SiteCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take a role from an account.")

    @OptionGroup var site: SiteOptions
    @OptionGroup var user: UserArgument
    @OptionGroup var role: RoleArgument

    func run(on site: Site, output: Output) throws {
        switch try site.store.removeRole(role.role, account: site.account(user.user).id) {
        case .changed: output.line("Role \(role.shown) removed from user \(user.shown) successfully.")
        case .unchanged:
            throw CommandFailure.refusal("Cannot remove role from user. User \(user.shown) does not have it")
        case .unknownRole: throw RoleArgument.unknown(role.role)
        }
    }
}

/// `securityctl roles add-permissions`.
struct RolesAddPermissions: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-permissions", abstract: "Add permissions to a role.", aliases: ["add_permissions"])

    @OptionGroup var site: SiteOptions
    @OptionGroup var role: RoleArgument
    @OptionGroup var permissions: PermissionsArgument

    func run(on site: Site, output: Output) throws {
        let change = try site.store.changePermissions(
            ofRole: role.role, adding: permissions.list, removing: [], now: site.now)
        guard change != .unknownRole else { throw RoleArgument.unknown(role.role) }
        let shown = permissions.permissions.printable
        output.line("Permission(s) \"\(shown)\" added to role \(role.shown) successfully.")
    }
}

/// `securityctl roles remove-permissions`.
struct RolesRemovePermissions: SiteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-permissions", abstract: "Take permissions from a role.", aliases: ["remove_permissions"])

    @OptionGroup var site: SiteOptions
    @OptionGroup var role: RoleArgument
    @OptionGroup var permissions: PermissionsArgument

    func run(on site: Site, output: Output) throws {
        let change = try site.store.changePermissions(
            ofRole: role.role, adding: [], removing: permissions.list, now: site.now)
        guard change != .unknownRole else { throw RoleArgument.unknown(role.role) }
        let shown = permissions.permissions.printable
        output.line("Permission(s) \"\(shown)\" removed from role \(role.shown) successfully.")
    }
}
