/** Width and height in whole pixels, as the eye sees the picture (orientation already applied). */
export interface Size {
  readonly width: number;
  readonly height: number;
}
