/// Which release this is.
public enum Release {
    /// Its number, as semantic versioning writes it.
    public static let version = "0.1.0"
}
