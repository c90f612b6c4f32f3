using System.Buffers.Binary;
using System.Text;

namespace OrleansClean.Cleaning.Tests.Arrays;

/// <summary>Files that begin like a <c>.npy</c>, made by hand.</summary>
internal static class Npy
{
    public const string Good = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }";

    public static byte[] File(string header, byte major = 1, byte minor = 0, int dataBytes = 96)
    {
        var text = Encoding.Latin1.GetBytes(header + "\n");
        var length = new byte[major == 1 ? 2 : 4];
        if (major == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        }

        return [0x93, .. "NUMPY"u8, major, minor, .. length, .. text, .. new byte[dataBytes]];
    }
}
