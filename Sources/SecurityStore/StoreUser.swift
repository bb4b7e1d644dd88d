import CLibc

/// Whose process opens an account database.
public enum StoreUser: Sendable {
    /// A host's own: PAM, a C program. Others than the host may write to the database, and must gain nothing in its process.
    case host
    /// A program of ours; as root it guards itself as a host does.
    case program

    /// Whether nothing that the database says may run, wait or grow without bounds (``GuardingVFS``).
    var isGuarded: Bool {
        switch self {
        case .host: true
        case .program: geteuid() == 0
        }
    }
}
