import ij.ImagePlus;
import ij.gui.Roi;
import ij.io.FileSaver;
import ij.io.RoiDecoder;
import ij.io.RoiEncoder;
import ij.process.ShortProcessor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Has ImageJ read a zip of selections, fill each with the number that is its name, and write them again.
 * Arguments: zip, width, height, TIFF to write, zip to write.
 */
class RewriteSelections {
  public static void main(String[] args) throws IOException {
    ShortProcessor map = new ShortProcessor(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    try (ZipInputStream in = new ZipInputStream(new FileInputStream(args[0]));
        ZipOutputStream out = new ZipOutputStream(new FileOutputStream(args[4]))) {
      for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
        Roi selection = RoiDecoder.openFromByteArray(in.readAllBytes());
        map.setValue(Integer.parseInt(selection.getName()));
        map.fill(selection);
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(RoiEncoder.saveAsByteArray(selection));
      }
    }
    new FileSaver(new ImagePlus("", map)).saveAsTiff(args[3]);
  }
}
