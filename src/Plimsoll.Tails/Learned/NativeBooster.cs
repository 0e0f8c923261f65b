using System.Runtime.InteropServices;

namespace Plimsoll.Tails;

/// <summary>The C interface of LightGBM 4; loaded at the first call and not before.</summary>
/// <remarks>https://lightgbm.readthedocs.io/en/stable/C-API.html; names and types as there.</remarks>
static partial class NativeBooster
{
    const string Library = "lib_lightgbm";

    public const int Float32 = 0;
    public const int Float64 = 1;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetCreateFromMat(
        double[] data,
        int type,
        int rows,
        int columns,
        int isRowMajor,
        string parameters,
        IntPtr reference,
        out IntPtr handle
    );

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_DatasetSetField(IntPtr dataset, string field, float[] data, int count, int type);

    [LibraryImport(Library)]
    public static partial int LGBM_DatasetFree(IntPtr dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterCreate(IntPtr dataset, string parameters, out IntPtr handle);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterLoadModelFromString(string model, out int iterations, out IntPtr handle);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterUpdateOneIter(IntPtr booster, out int isFinished);

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterSaveModelToString(
        IntPtr booster,
        int firstIteration,
        int iterations,
        int importance,
        long length,
        out long needed,
        byte[] text
    );

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LGBM_BoosterPredictForMat(
        IntPtr booster,
        double[] data,
        int type,
        int rows,
        int columns,
        int isRowMajor,
        int kind,
        int firstIteration,
        int iterations,
        string parameters,
        out long count,
        double[] result
    );

    [LibraryImport(Library)]
    public static partial int LGBM_BoosterFree(IntPtr booster);

    [LibraryImport(Library)]
    private static partial IntPtr LGBM_GetLastError();

    /// <exception cref="InvalidOperationException">With the library's own words.</exception>
    public static void Check(int code)
    {
        if (code != 0)
            throw new InvalidOperationException($"LightGBM: {Marshal.PtrToStringUTF8(LGBM_GetLastError())}");
    }
}

/// <summary>A handle of the native library, freed with its object.</summary>
sealed class BoosterHandle : SafeHandle
{
    public BoosterHandle(IntPtr handle)
        : base(IntPtr.Zero, ownsHandle: true) => SetHandle(handle);

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle() => NativeBooster.LGBM_BoosterFree(handle) == 0;
}
