/** Width and height in whole pixels, with the orientation applied. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
